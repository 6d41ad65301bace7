import { type Expression, type Kysely, sql } from 'kysely';
import type {
  ChargeRequest,
  ChargeResult,
  RateLimitStore,
  UsageWindow,
} from '../../../src/index.ts';
import type { Atomically } from '../../sql/atomically.ts';
import type { SqlEngine } from '../../sql/engine.ts';
import { isCheckViolation } from '../../sql/failures.ts';
import { withRetries } from '../../sql/with-retries.ts';

/** One counter. Numbers beyond 32 bits come back as texts from some drivers. */
export interface UsageTable {
  org_id: string;
  counter: string;
  used: number;
  /** What the newest charge added. */
  change: number;
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

interface Counters {
  readonly db: Kysely<UsageDatabase>;
  readonly engine: SqlEngine;
  readonly atomically: Atomically<UsageDatabase>;
}

/** Counts usage in SQL: one statement charges every window, or none. */
export function sqlRateLimitStore({ db, engine, atomically }: Counters): RateLimitStore {
  const isHosts = db.isTransaction;

  async function get(partition: string, keys: readonly string[]): Promise<readonly number[]> {
    return keys.length === 0 ? [] : inOrder(keys, await read(db, partition, keys));
  }

  async function consume(request: ChargeRequest): Promise<ChargeResult> {
    const keys = request.windows.map(({ key }) => key);
    if (isHosts) {
      // Asked first, so that a refusal is no error in the host's transaction.
      const used = await get(request.partition, keys);
      if (!fits(request, used)) return { allowed: false, used };
    }
    try {
      const rows = await chargeAll(request);
      return { allowed: true, used: inOrder(keys, rows) };
    } catch (error) {
      if (!isCheckViolation(engine, error)) throw error;
      return { allowed: false, used: await get(request.partition, keys) };
    }
  }

  function chargeAll(request: ChargeRequest): Promise<readonly Row[]> {
    // A single statement needs no transaction to be all or nothing.
    return engine.hasReturning && !isHosts
      ? withRetries(engine, () => charge(db, engine, request))
      : atomically((trx) => charge(trx, engine, request));
  }

  return { consume, get };
}

function fits({ windows }: ChargeRequest, used: readonly number[]): boolean {
  return windows.every(
    ({ cost, limit }, index) =>
      cost < 0 || (used[index] ?? 0) + cost <= (limit ?? Number.MAX_SAFE_INTEGER),
  );
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
  { partition, windows }: ChargeRequest,
): Promise<readonly Row[]> {
  // One order for everybody, so that two charges never hold what the other one waits for.
  const rows = windows.map(toRow(partition)).sort((a, b) => (a.counter < b.counter ? -1 : 1));
  if (engine.hasReturning) {
    return db
      .insertInto('oum_usage')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['org_id', 'counter']).doUpdateSet(({ ref }) => ({
          used: changedBy(engine, ref('excluded.change')),
          change: ref('excluded.change'),
          cap: ref('excluded.cap'),
        })),
      )
      .returning(['counter', 'used'])
      .execute();
  }
  const keys = rows.map(({ counter }) => counter);
  const used = changedBy(engine, given('change'));
  const update = { used, change: given<number>('change'), cap: given<number | null>('cap') };
  await db.insertInto('oum_usage').values(rows).onDuplicateKeyUpdate(update).execute();
  return read(db, partition, keys);
}

const toRow =
  (partition: string) =>
  ({ key, cost, limit, expiresAt }: UsageWindow) => ({
    org_id: partition,
    counter: key,
    used: Math.max(0, cost),
    change: cost,
    // Units that come back are taken whatever the limit has become.
    cap: cost < 0 ? null : limit,
    expires_at: expiresAt,
  });

/** What the counter becomes; never less than 0. */
function changedBy(engine: SqlEngine, change: Expression<number>) {
  return sql<number>`${sql.raw(engine.greatest)}(0, ${sql.ref('oum_usage.used')} + ${change})`;
}

/** MySQL's name for what the row to be inserted has in a column. */
const given = <T = number>(column: string) => sql<T>`values(${sql.ref(column)})`;

function inOrder(keys: readonly string[], rows: readonly Row[]): readonly number[] {
  const used = new Map(rows.map((row) => [row.counter, Number(row.used)]));
  return keys.map((key) => used.get(key) ?? 0);
}
