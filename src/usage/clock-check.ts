import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';

const askEveryMs = 60_000;
const maxSkewMs = 60_000;

/**
 * Creates the comparison of this process's clock with the clock of its counters. To be called now and
 * then: it asks at most once a minute, and reports a difference of more than a minute once.
 */
export function createClockCheck({
  rateLimits,
  clock,
  settings,
}: Pick<Context, 'rateLimits' | 'clock' | 'settings'>): () => Promise<void> {
  let askedAt = Number.NEGATIVE_INFINITY;
  let isReported = false;
  return async () => {
    const before = clock.now();
    if (Math.abs(before - askedAt) < askEveryMs) return;
    askedAt = before;
    const theirs = await rateLimits.now?.();
    if (theirs === undefined || isReported) return;
    // They looked at their clock between the question and the answer.
    const aheadMs = theirs < before ? before - theirs : Math.min(0, clock.now() - theirs);
    if (Math.abs(aheadMs) <= maxSkewMs) return;
    isReported = true;
    settings.onError(new OrgUserManagerError('clock_skewed', { aheadMs }));
  };
}
