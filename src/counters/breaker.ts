import type { Clock } from '../ports/clock.ts';

/** Keeps calls away from a store that does not answer. */
export interface Breaker {
  /** Whether a call may be made now. While the store is away, one is let through every second. */
  mayTry(): boolean;
  /** Whether the calls before this one had failed. */
  succeeded(): boolean;
  failed(): void;
}

/** Told when the store is given up, and when it answers again. */
export interface BreakerListener {
  opened(): void;
  closed(): void;
}

const mostFailures = 5;
const pauseMs = 1000;

/**
 * Opens after five failures in a row; from then on one call every second tries whether the store is
 * back, and the first answer closes it again. No timer runs.
 */
export function createBreaker(clock: Clock, listener: BreakerListener): Breaker {
  let failures = 0;
  let triedAt: number | undefined;
  return {
    mayTry() {
      if (triedAt === undefined) return true;
      const now = clock.now();
      // A clock that was set back must not keep the store out.
      if (now >= triedAt && now < triedAt + pauseMs) return false;
      triedAt = now;
      return true;
    },
    succeeded() {
      const hadFailed = failures > 0;
      failures = 0;
      if (triedAt === undefined) return hadFailed;
      triedAt = undefined;
      listener.closed();
      return true;
    },
    failed() {
      failures += 1;
      if (failures < mostFailures || triedAt !== undefined) return;
      triedAt = clock.now();
      listener.opened();
    },
  };
}
