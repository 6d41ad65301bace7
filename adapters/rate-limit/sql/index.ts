import { type Kysely, sql } from 'kysely';
import type { ChargeRequest, ChargeResult, RateLimitStore } from '../../../src/index.ts';
import { isCheckViolation } from './is-check-violation.ts';

/** One counter. */
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

/** Counts usage in SQL: one statement charges every window, or none. */
export function sqlRateLimitStore(db: Kysely<UsageDatabase>): RateLimitStore {
  async function get(partition: string, keys: readonly string[]): Promise<readonly number[]> {
    if (keys.length === 0) return [];
    const rows = await db
      .selectFrom('oum_usage')
      .select(['counter', 'used'])
      .where('org_id', '=', partition)
      .where('counter', 'in', keys)
      .execute();
    return inOrder(keys, rows);
  }

  async function consume(request: ChargeRequest): Promise<ChargeResult> {
    const keys = request.windows.map(({ key }) => key);
    try {
      return { allowed: true, used: inOrder(keys, await charge(db, request)) };
    } catch (error) {
      if (!isCheckViolation(error)) throw error;
      return { allowed: false, used: await get(request.partition, keys) };
    }
  }

  return { consume, get };
}

function charge(db: Kysely<UsageDatabase>, { partition, windows, cost }: ChargeRequest) {
  return db
    .insertInto('oum_usage')
    .values(
      windows.map(({ key, limit, expiresAt }) => ({
        org_id: partition,
        counter: key,
        used: cost,
        cap: limit,
        expires_at: expiresAt,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['org_id', 'counter']).doUpdateSet({
        used: sql`oum_usage.used + excluded.used`,
        cap: sql`excluded.cap`,
      }),
    )
    .returning(['counter', 'used'])
    .execute();
}

function inOrder(
  keys: readonly string[],
  rows: readonly { readonly counter: string; readonly used: number }[],
): readonly number[] {
  const used = new Map(rows.map((row) => [row.counter, Number(row.used)]));
  return keys.map((key) => used.get(key) ?? 0);
}
