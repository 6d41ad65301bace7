import type { Context } from '../context.ts';

const sweepEveryMs = 60_000;

/**
 * Creates the clean-up of old counters. To be called now and then: it sweeps at most once a minute,
 * one batch at a time, so that no call waits behind it.
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
    await rateLimits.sweep?.(now);
  };
}
