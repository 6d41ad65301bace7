import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Counter } from '../limits/counters.ts';
import type { UsageWindow } from '../ports/rate-limit-store.ts';
import type { Once } from './idempotency-key.ts';
import { isUncounted } from './is-uncounted.ts';

/** What is written into counters without asking the limits. */
export interface Entry {
  readonly orgId: string;
  readonly counters: readonly Counter[];
  /** What lets the entry be written once, if it has an idempotency key. */
  readonly once: Once;
}

/** What became of an entry. */
export interface Written {
  readonly units: number;
  /** The counters, in the entry's order. */
  readonly used: readonly number[];
  /** Whether its idempotency key had been written before. */
  readonly replayed: boolean;
  /** Whether the store could not be asked, so that `used` is not known. */
  readonly uncounted: boolean;
}

/** The windows of an entry: the limits bind what is asked for, not what has happened. */
export const changeBy = (counters: readonly Counter[], units: number): readonly UsageWindow[] =>
  counters.map(({ key, keepMs }) => ({ key, cost: units, limit: null, keepMs }));

/** Adds units to every counter of the entry, or to none when it was written before. */
export async function addUnits(
  { rateLimits }: Context,
  { orgId, counters, once }: Entry,
  units: number,
): Promise<Written> {
  const windows = [...changeBy(counters, units), ...once.windows(units)];
  const result = await rateLimits.consume({ partition: orgId, windows });
  const { allowed, used } = result;
  if (allowed) return { units, used, replayed: false, uncounted: isUncounted(result) };
  const first = once.firstUnits(used.slice(counters.length));
  if (first > 0) return { units: first, used, replayed: true, uncounted: false };
  const message = 'would take a counter above 2^53 - 1';
  throw new OrgUserManagerError('invalid_input', { issues: [{ path: 'units', message }] });
}
