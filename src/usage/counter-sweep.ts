import type { Context } from '../context.ts';

const sweepEveryMs = 60_000;
// Enough to keep up with what comes to its end, and not so much that a mail has to wait for it.
const mostSweeps = 40;

/**
 * Creates the clean-up of old counters. To be called now and then: it cleans up at most once a minute,
 * a part at a time, so that no call waits behind it.
 */
export function createCounterSweep({
  rateLimits,
  clock,
}: Pick<Context, 'rateLimits' | 'clock'>): () => Promise<void> {
  let sweptAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now();
    // A clock that was set back must not end the sweeping.
    if (Math.abs(now - sweptAt) < sweepEveryMs) return;
    sweptAt = now;
    for (let sweeps = 0; sweeps < mostSweeps; sweeps += 1) {
      if (!(await rateLimits.sweep?.())) return;
    }
  };
}
