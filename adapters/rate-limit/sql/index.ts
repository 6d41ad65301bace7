import { type Kysely, sql } from 'kysely';
import type { ChargeRequest, ChargeResult, RateLimitStore } from '../../../src/index.ts';
import { isCheckViolation, type SqlEngine } from '../../sql/engine.ts';
import { withRetries } from '../../sql/with-retries.ts';

/** One counter. Numbers beyond 32 bits come back as texts from some drivers. */
export interface UsageTable {
  org_id: string;
  counter: string;
  used: number;
  /** The limit that came with the newest charge; NULL = none. */
  cap: number | null;
  expires_at: number;
}

interface UsageDatabase {
  oum_usage: UsageTable;
}

interface Row {
  readonly counter: string;
  readonly used: number;
}

/** Counts usage in SQL: one statement charges every window, or none. */
export function sqlRateLimitStore(db: Kysely<UsageDatabase>, engine: SqlEngine): RateLimitStore {
  async function get(partition: string, keys: readonly string[]): Promise<readonly number[]> {
    return keys.length === 0 ? [] : inOrder(keys, await read(db, partition, keys));
  }

  async function consume(request: ChargeRequest): Promise<ChargeResult> {
    const keys = request.windows.map(({ key }) => key);
    try {
      const rows = await withRetries(engine, () => charge(db, engine, request));
      return { allowed: true, used: inOrder(keys, rows) };
    } catch (error) {
      if (!isCheckViolation(engine, error)) throw error;
      return { allowed: false, used: await get(request.partition, keys) };
    }
  }

  return { consume, get };
}

function read(
  db: Kysely<UsageDatabase>,
  partition: string,
  keys: readonly string[],
): Promise<readonly Row[]> {
  return db
    .selectFrom('oum_usage')
    .select(['counter', 'used'])
    .where('org_id', '=', partition)
    .where('counter', 'in', keys)
    .execute();
}

async function charge(
  db: Kysely<UsageDatabase>,
  engine: SqlEngine,
  { partition, windows, cost }: ChargeRequest,
): Promise<readonly Row[]> {
  // One order for everybody, so that two charges never hold what the other one waits for.
  const rows = windows
    .map(({ key, limit, expiresAt }) => ({
      org_id: partition,
      counter: key,
      used: cost,
      cap: limit,
      expires_at: expiresAt,
    }))
    .sort((a, b) => (a.counter < b.counter ? -1 : 1));
  const used = sql<number>`${sql.ref('oum_usage.used')} + ${cost}`;
  if (engine.hasOnConflict) {
    return db
      .insertInto('oum_usage')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['org_id', 'counter'])
          .doUpdateSet((excluded) => ({ used, cap: excluded.ref('excluded.cap') })),
      )
      .returning(['counter', 'used'])
      .execute();
  }
  const keys = rows.map(({ counter }) => counter);
  return db.transaction().execute(async (trx) => {
    const cap = sql<number | null>`values(${sql.ref('cap')})`;
    await trx.insertInto('oum_usage').values(rows).onDuplicateKeyUpdate({ used, cap }).execute();
    return read(trx, partition, keys);
  });
}

function inOrder(keys: readonly string[], rows: readonly Row[]): readonly number[] {
  const used = new Map(rows.map((row) => [row.counter, Number(row.used)]));
  return keys.map((key) => used.get(key) ?? 0);
}
