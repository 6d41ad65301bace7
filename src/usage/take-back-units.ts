import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Counter } from '../limits/counters.ts';
import { changeBy, type Entry, type Written } from './add-units.ts';

const mostAttempts = 10;

/** An entry that takes units back. */
export interface Correction extends Entry {
  /** The member's units of the activity on that day; one of the counters. */
  readonly share: Counter;
  /** What was given back of them. */
  readonly givenBack: Counter;
}

/**
 * Takes units back, at most those that the member's activity holds on that day: so every counter that
 * they are in holds as many, none stops short at 0, and the parts go on adding up to the whole.
 *
 * What was given back is counted, too. Held and given back make up all that was ever added, which
 * only grows: as the limit of what is given back it refuses the charge when another correction came
 * between reading and writing.
 */
export async function takeBackUnits(
  { rateLimits }: Context,
  { orgId, counters, once, share, givenBack }: Correction,
  most: number,
): Promise<Written> {
  const keys = [...counters, share, givenBack, ...once.windows(most)].map(({ key }) => key);
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const used = await rateLimits.get(orgId, keys);
    const [held = 0, gone = 0, ...ofKey] = used.slice(counters.length);
    const first = once.firstUnits(ofKey);
    if (first > 0) return { units: -first, used, replayed: true, uncounted: false };
    const units = Math.min(most, held);
    if (units === 0) return { units: 0, used, replayed: false, uncounted: false };
    const windows = [
      ...changeBy(counters, -units),
      { ...givenBack, cost: units, limit: Math.min(held + gone, Number.MAX_SAFE_INTEGER) },
      ...once.windows(units),
    ];
    const written = await rateLimits.consumeCounted({ partition: orgId, windows });
    if (written.allowed) {
      return { units: -units, used: written.used, replayed: false, uncounted: false };
    }
  }
  throw new OrgUserManagerError('conflict', {});
}
