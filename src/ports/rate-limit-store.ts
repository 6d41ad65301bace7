import type { Caller } from './caller.ts';
import type { MaybePromise } from './maybe-promise.ts';

/** One counter that a charge touches. */
export interface UsageWindow {
  /** Names the counter inside its partition; at most 400 characters. */
  readonly key: string;
  /**
   * Units to add, an integer from -(2^53 - 1) to 2^53 - 1, not 0. A negative one gives units back: it
   * is never refused, and no counter goes below 0.
   */
  readonly cost: number;
  /** Most units the counter may hold; `null` = it only counts. */
  readonly limit: number | null;
  /**
   * How long the counter is needed, in milliseconds from its first charge on, by the store's own clock:
   * those of the callers differ. All charges of a counter state the same. For clean-up only.
   */
  readonly keepMs: number;
}

/** One charge over several counters. */
export interface ChargeRequest {
  /** The organization; all counters of one charge live in one partition. */
  readonly partition: string;
  /**
   * At least one, no key twice. A frozen list of frozen windows may come again, so that a store may
   * remember by it where its counters are.
   */
  readonly windows: readonly UsageWindow[];
  /**
   * Who waits for the answer. A store that lets calls wait for their turn leaves out those whose caller
   * is gone: they would count for a request that was answered long ago.
   */
  readonly caller?: Caller | undefined;
}

/** What became of a charge. */
export interface ChargeResult {
  /** Whether every counter was charged; otherwise none was. */
  readonly allowed: boolean;
  /** The counters after the charge, or as they stand when it was refused; in the windows' order. */
  readonly used: readonly number[];
  /**
   * Set by the manager's outage policy, never by a store: the charge was decided without asking it, and
   * `used` is what this process has allowed so.
   */
  readonly uncounted?: true;
}

/**
 * Counts usage. It knows keys, costs, limits and expiry, and nothing of members, zones or clocks.
 *
 * Contract: `consume` is ONE atomic step, all or nothing: if any counter would pass its limit, no
 * counter changes. Limits travel with each call and are never remembered, so a raised limit works on
 * the next call. No counter passes 2^53 - 1, limit or not. A counter that does not exist counts as 0,
 * and a refused charge creates none. A store that knows the answer may give it at once, without a promise.
 *
 * When the store cannot answer it throws or rejects; it never says `allowed`. After any error the charge
 * may have been made, and the manager does not make it again. A store that is certain of the opposite, as
 * after a refused connection, says so with an `OrgUserManagerError` of the code `unavailable` and the
 * details `{ done: false }`: what the outage policy allows then is charged when the store is back.
 *
 * An idempotency key needs nothing more than that: it is one more window that has room for one charge.
 */
export interface RateLimitStore {
  /** Charges every window, or none. */
  consume(request: ChargeRequest): MaybePromise<ChargeResult>;
  /** Reads counters, in the keys' order, changing nothing. */
  get(partition: string, keys: readonly string[]): MaybePromise<readonly number[]>;
  /**
   * Drops some counters that are not needed any more, few enough that no charge has to wait; whether
   * there may be more. For stores that do not drop them by themselves; called about once a minute, and
   * while there is more up to 40 times.
   */
  sweep?(): Promise<boolean>;
  /**
   * The store's clock, epoch milliseconds. For stores on machines of their own; asked about once a
   * minute, so that a process whose clock differs is found out.
   */
  now?(): MaybePromise<number>;
  /** Releases what the store itself opened. */
  close?(): Promise<void>;
}
