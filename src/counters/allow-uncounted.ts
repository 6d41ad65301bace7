import { isOrgUserManagerError, OrgUserManagerError } from '../errors/index.ts';
import type { StoreErrorPolicy } from '../model/store-error-policy.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import type { ChargeRequest, ChargeResult } from '../ports/rate-limit-store.ts';
import { createUncountedUsage } from './uncounted-usage.ts';

/** How many charges were allowed while the store was away. */
export interface Outage {
  /** In all. */
  readonly allowed: number;
  /** Of those, the ones whose answer was lost: they may have counted, and are not counted again. */
  readonly unsure: number;
  /** Of those, the ones that nothing will ever count: too many waited. */
  readonly dropped: number;
}

/** Why the store has no answer. */
type UsageUnavailable = OrgUserManagerError<'usage_unavailable'>;

/** The charges that are decided without the store. */
export interface UncountedCharges {
  /**
   * Decides by the policy; `error` is why the store has no answer, if it was asked. Throws it, or
   * `usage_unavailable`.
   */
  decide(request: ChargeRequest, error?: UsageUnavailable): ChargeResult;
  /** Decides about a reservation, whose units are not counted afterwards: its settlement is. */
  decideHeld(request: ChargeRequest, error?: UsageUnavailable): ChargeResult;
  /** Gives back what a reservation held here. */
  letGo(request: ChargeRequest): void;
  /** Whether anything of the partition is yet to be counted. */
  isWaiting(partition: string): boolean;
  /** The store has answered again. */
  endOutage(): void;
  /** Counts in the store what was allowed without it; false when the store has failed again before the end. */
  makeUp(store: (request: ChargeRequest) => MaybePromise<unknown>): Promise<boolean>;
  /** What has happened since it was last asked. */
  report(): Outage;
}

/** What the decisions depend on. */
export interface UncountedOptions {
  readonly policy: StoreErrorPolicy;
  /** Whether a counter is a member's own, which the bound of `boundedOpen` is for. */
  readonly isMembers: (key: string) => boolean;
  /** Told of each error behind a charge that was allowed all the same. */
  readonly onError: (error: unknown) => void;
}

/** Charges with an idempotency key: added up, two of one key would count twice. */
export interface KeyedCharges {
  isKeyed(request: ChargeRequest): boolean;
  /** Counts one by itself once the store is back; false when too many wait. */
  countLater(request: ChargeRequest): boolean;
}

/** How a charge that is allowed here is counted once the store is back. */
type CountedAs = 'in a sum' | 'by itself' | 'never';

/** Creates the decisions of one process, which begins with nothing allowed. */
export function createUncountedCharges(
  { policy, isMembers, onError }: UncountedOptions,
  keyed: KeyedCharges,
): UncountedCharges {
  const bound = typeof policy === 'object' ? policy.boundedOpen : Number.POSITIVE_INFINITY;
  const usage = createUncountedUsage((key) => (isMembers(key) ? bound : Number.POSITIVE_INFINITY));
  const counts = { allowed: 0, unsure: 0, dropped: 0 };

  function allow(
    request: ChargeRequest,
    count: CountedAs,
    error: UsageUnavailable | undefined,
  ): ChargeResult {
    const refusal = error ?? new OrgUserManagerError('usage_unavailable', { done: false });
    if (policy === 'closed') throw refusal;
    if (error) onError(error);
    const result = usage.allow(request, count === 'in a sum');
    if (result?.allowed === false) return result;
    // What cannot be remembered must not be allowed within a bound.
    if (!result && policy !== 'open') throw refusal;
    counts.allowed += 1;
    counts.dropped += Number(!willCount(request, count, result !== undefined));
    return result ?? { allowed: true, used: request.windows.map(() => 0), uncounted: true };
  }

  /** Sees to it that a charge is counted once the store is back; false when there is no room for it. */
  function willCount(request: ChargeRequest, count: CountedAs, isRemembered: boolean): boolean {
    if (count === 'never') return true;
    return isRemembered && (count === 'in a sum' || keyed.countLater(request));
  }

  return {
    decide(request, error) {
      // With a key it counts once, however often it is sent.
      if (keyed.isKeyed(request)) return allow(request, 'by itself', error);
      const mayHaveCounted = error !== undefined && !isUndone(error);
      const result = allow(request, mayHaveCounted ? 'never' : 'in a sum', error);
      counts.unsure += Number(result.allowed && mayHaveCounted);
      return result;
    },
    decideHeld: (request, error) => allow(request, 'never', error),
    letGo: (request) => usage.letGo(request),
    isWaiting: (partition) => usage.isWaiting(partition),
    endOutage: () => usage.endOutage(),
    async makeUp(store) {
      for (let next = usage.next(); next; next = usage.next()) {
        try {
          await store(next.request);
        } catch (error) {
          onError(error);
          if (!isUndone(error)) {
            counts.unsure += next.charges;
            next.done();
          }
          return false;
        }
        next.done();
      }
      return true;
    },
    report() {
      const outage = { ...counts };
      Object.assign(counts, { allowed: 0, unsure: 0, dropped: 0 });
      return outage;
    },
  };
}

/** Whether a call has certainly charged nothing. */
function isUndone(error: unknown): boolean {
  return isOrgUserManagerError(error, 'usage_unavailable') && error.details.done === false;
}
