import { CompiledQuery, type Expression, type Kysely, sql } from 'kysely';
import type { SqlEngine } from '../../sql/engine.ts';
import { mariaDbVersion } from '../../sql/maria-db.ts';
import { withHexTexts } from '../../sql/text-parameters.ts';
import type { CounterChange } from './counter.ts';
import type { UsageDatabase, UsageTable } from './usage-table.ts';

/** A counter as the database hands it out. */
export type CounterRow = Pick<UsageTable, 'org_id' | 'counter' | 'used'>;

/** The statement that charges counters, all or none. */
export interface ChargeStatement {
  /** Whether it answers with the counters, too. Where SQL does not tell, the server is asked once. */
  returnsRows(db: Kysely<UsageDatabase>): Promise<boolean>;
  /** Runs it on a connection or in a transaction. */
  run(db: Kysely<UsageDatabase>, changes: readonly CounterChange[]): Promise<readonly CounterRow[]>;
}

// Texts for more rows than a few calls have are made anew: a merged charge hardly meets its like.
const mostRowsKept = 32;
const rowsMark = '/* rows */';

/**
 * The statement for all sessions on the same tables. It is compiled once, since building a query
 * takes longer than an embedded database takes to run it; only the list of rows differs.
 */
export function createChargeStatement(
  own: Kysely<UsageDatabase>,
  engine: SqlEngine,
): ChargeStatement {
  let answer: Promise<boolean> | undefined;
  let template: string | undefined;
  const queries = new Map<number, CompiledQuery>();

  async function makeQuery(db: Kysely<UsageDatabase>, count: number): Promise<CompiledQuery> {
    template ??= compile(own, engine, await returnsRows(db));
    const query = CompiledQuery.raw(template.replace(rowsMark, () => rowsOf(engine, count)));
    if (count <= mostRowsKept) queries.set(count, query);
    return query;
  }

  function returnsRows(db: Kysely<UsageDatabase>): Promise<boolean> {
    answer ??= findOut(db, engine).catch((error: unknown) => {
      // A server that could not be asked is asked again.
      answer = undefined;
      throw error;
    });
    return answer;
  }

  return {
    returnsRows,
    async run(db, changes) {
      const count = engine.takesRowsAsJson ? 1 : changes.length;
      const query = queries.get(count) ?? (await makeQuery(db, count));
      const bound = { ...query, parameters: toParameters(engine, changes) };
      const { rows } = await db.executeQuery<CounterRow>(
        engine.needsHexTexts ? withHexTexts(bound) : bound,
      );
      return rows;
    },
  };
}

async function findOut(db: Kysely<UsageDatabase>, { hasReturning }: SqlEngine): Promise<boolean> {
  if (hasReturning) return true;
  const [major = 0, minor = 0] = (await mariaDbVersion(db)) ?? [];
  return major > 10 || (major === 10 && minor >= 5);
}

function compile(db: Kysely<UsageDatabase>, engine: SqlEngine, returnsRows: boolean): string {
  const insert = db
    .insertInto('oum_usage')
    .columns(['org_id', 'counter', 'used', 'change', 'cap', 'expires_at'])
    .expression(sql.raw(rowsMark));
  const upsert = engine.hasOnConflict
    ? insert.onConflict((conflict) =>
        conflict.columns(['org_id', 'counter']).doUpdateSet(({ ref }) => ({
          used: changedBy(engine, ref('excluded.change')),
          change: ref('excluded.change'),
          cap: ref('excluded.cap'),
        })),
      )
    : insert.onDuplicateKeyUpdate({
        used: changedBy(engine, given('change')),
        change: given<number>('change'),
        cap: given<number | null>('cap'),
      });
  const returning = sql`returning ${sql.ref('org_id')}, ${sql.ref('counter')}, ${sql.ref('used')}`;
  return (returnsRows ? upsert.modifyEnd(returning) : upsert).compile().sql;
}

/** What the counter becomes; never less than 0. */
function changedBy(engine: SqlEngine, change: Expression<number>) {
  return sql<number>`${sql.raw(engine.greatest)}(0, ${sql.ref('oum_usage.used')} + ${change})`;
}

/** MySQL's name for what the row to be inserted has in a column. */
const given = <T = number>(column: string) => sql<T>`values(${sql.ref(column)})`;

function rowsOf({ takesRowsAsJson, parameter, now }: SqlEngine, count: number): string {
  if (takesRowsAsJson) {
    const columns = 'o text, k text, u int8, n int8, c int8, l int8';
    const given = `json_to_recordset(${parameter(1)}::text::json) as given (${columns})`;
    return `select o, k, u, n, c, ${now} + l from ${given}`;
  }
  const rows = Array.from({ length: count }, (_, row) => {
    const first = row * 6 + 1;
    const values = [0, 1, 2, 3, 4].map((column) => parameter(first + column));
    return `(${values.join(', ')}, ${now} + ${parameter(first + 5)})`;
  });
  return `values ${rows.join(', ')}`;
}

function toParameters({ takesRowsAsJson }: SqlEngine, changes: readonly CounterChange[]) {
  if (takesRowsAsJson) {
    const rows = changes.map(({ partition, key, change, cap, keepMs }) => {
      return { o: partition, k: key, u: Math.max(0, change), n: change, c: cap, l: keepMs };
    });
    return [JSON.stringify(rows)];
  }
  const values: (string | number | null)[] = [];
  for (const { partition, key, change, cap, keepMs } of changes) {
    values.push(partition, key, Math.max(0, change), change, cap, keepMs);
  }
  return values;
}
