import type { MaybePromise } from '../ports/maybe-promise.ts';
import type { ChargeRequest, ChargeResult, RateLimitStore } from '../ports/rate-limit-store.ts';

/** The counters as the features use them: a store, and what holds while it is away. */
export interface Counters extends RateLimitStore {
  /**
   * Charges a reservation. What is allowed without the store is not counted afterwards: the settlement
   * counts what was used.
   */
  hold(request: ChargeRequest): MaybePromise<ChargeResult>;
  /** Gives back to this process what it held without the store; costs are above 0. */
  letGo(request: ChargeRequest): void;
  /**
   * Charges, and is never decided without the store: for units that go back, and for what happens once.
   * Throws `usage_unavailable` while the store is away.
   */
  consumeCounted(request: ChargeRequest): MaybePromise<ChargeResult>;
  /**
   * Runs a task when the store answers again, and once more if it rejects with `usage_unavailable`. False
   * when nothing may be decided without the store, or when too much waits.
   */
  whenBack(partition: string, task: () => Promise<void>): boolean;
  /** Whether anything of the partition waits to be counted. */
  isWaiting(partition: string): boolean;
}

/** Counters without a policy: when they cannot answer, every call fails. */
export function plainCounters(store: RateLimitStore): Counters {
  return {
    ...store,
    hold: (request) => store.consume(request),
    letGo: () => undefined,
    consumeCounted: (request) => store.consume(request),
    whenBack: () => false,
    isWaiting: () => false,
  };
}
