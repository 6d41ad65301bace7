import { CompiledQuery, type Expression, type Kysely, sql } from 'kysely';
import type { SqlEngine } from '../../sql/engine.ts';
import { isCondition, type LockTimeout, lockTimeoutCondition } from '../../sql/lock-timeout.ts';
import { mariaDbVersion } from '../../sql/maria-db.ts';
import { withHexTexts } from '../../sql/text-parameters.ts';
import type { CounterChange } from './counter.ts';
import type { UsageDatabase, UsageTable } from './usage-table.ts';

/** A counter as the database hands it out. */
export type CounterRow = Pick<UsageTable, 'org_id' | 'counter' | 'used'>;

/** The statement that charges counters, all or none. */
export interface ChargeStatement {
  /** Whether it answers with the counters. MySQL and MariaDB are asked once for their version. */
  returnsRows(db: Kysely<UsageDatabase>): Promise<boolean>;
  /** Runs on a connection or in a transaction. Without a time-out it waits for as long as the server lets it. */
  run(
    db: Kysely<UsageDatabase>,
    changes: readonly CounterChange[],
    lockTimeout?: LockTimeout,
  ): Promise<readonly CounterRow[]>;
}

// Statements with more rows are built each time: two merged charges rarely have the same number.
const mostRowsKept = 32;
const rowsMark = '/* rows */';

/**
 * Creates the charge statement for all sessions on one set of tables. It is compiled once, since building a
 * query takes longer than an embedded database takes to run it; only the list of rows differs.
 */
export function createChargeStatement(
  own: Kysely<UsageDatabase>,
  engine: SqlEngine,
): ChargeStatement {
  const plain = createQueries(own, engine, sql.raw(rowsMark));
  const condition = lockTimeoutCondition(sql.raw(engine.parameter(2)));
  const withTimeout = createQueries(own, engine, sql`${sql.raw(rowsMark)} where ${condition}`);

  async function returnsRows(db: Kysely<UsageDatabase>): Promise<boolean> {
    if (engine.hasReturning) return true;
    const [major = 0, minor = 0] = (await mariaDbVersion({ db, own })) ?? [];
    return major > 10 || (major === 10 && minor >= 5);
  }

  return {
    returnsRows,
    async run(db, changes, lockTimeout) {
      const count = engine.takesRowsAsJson ? 1 : changes.length;
      const hasTimeout = isCondition(engine, lockTimeout);
      const queries = hasTimeout ? withTimeout : plain;
      const query = queries.get(count) ?? queries.make(count, await returnsRows(db));
      const parameters = toParameters(engine, changes);
      if (hasTimeout) parameters.push(lockTimeout.ms);
      const text = (lockTimeout?.prefix ?? '') + query.sql;
      const bound = { ...query, sql: text, parameters };
      const { rows } = await db.executeQuery<CounterRow>(
        engine.needsHexTexts ? withHexTexts(bound) : bound,
      );
      return rows;
    },
  };
}

/** The statement for each number of rows, which come from what has the mark. */
function createQueries(own: Kysely<UsageDatabase>, engine: SqlEngine, source: Expression<unknown>) {
  let template: string | undefined;
  const queries = new Map<number, CompiledQuery>();
  return {
    get: (count: number) => queries.get(count),
    make(count: number, returnsRows: boolean): CompiledQuery {
      template ??= compile({ own, engine, source, returnsRows });
      const query = CompiledQuery.raw(template.replace(rowsMark, () => rowsOf(engine, count)));
      if (count <= mostRowsKept) queries.set(count, query);
      return query;
    },
  };
}

interface Template {
  readonly own: Kysely<UsageDatabase>;
  readonly engine: SqlEngine;
  readonly source: Expression<unknown>;
  readonly returnsRows: boolean;
}

function compile({ own, engine, source, returnsRows }: Template): string {
  const insert = own
    .insertInto('oum_usage')
    .columns(['org_id', 'counter', 'used', 'change', 'cap', 'expires_at'])
    .expression(source);
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

/** The new value of a counter; never less than 0. */
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

type Parameter = string | number | null;

function toParameters(
  { takesRowsAsJson }: SqlEngine,
  changes: readonly CounterChange[],
): Parameter[] {
  if (takesRowsAsJson) {
    const rows = changes.map(({ partition, key, change, cap, keepMs }) => {
      return { o: partition, k: key, u: Math.max(0, change), n: change, c: cap, l: keepMs };
    });
    return [JSON.stringify(rows)];
  }
  const values: Parameter[] = [];
  for (const { partition, key, change, cap, keepMs } of changes) {
    values.push(partition, key, Math.max(0, change), change, cap, keepMs);
  }
  return values;
}
