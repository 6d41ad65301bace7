import { isOrgUserManagerError, OrgUserManagerError } from '../errors/index.ts';
import type { Caller } from '../ports/caller.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChargeRequest, RateLimitStore } from '../ports/rate-limit-store.ts';
import { andThen, orElse } from '../system/maybe-promise.ts';
import { ownContext } from '../system/own-context.ts';
import type { TimedCall, WithinDeadline } from '../transactions/deadline.ts';
import { createUncountedCharges, type Outage, type UncountedOptions } from './allow-uncounted.ts';
import { createBreaker } from './breaker.ts';

/** What a store with an outage policy is made of. */
export interface OutagePolicyOptions extends UncountedOptions {
  readonly within: WithinDeadline;
  readonly clock: Clock;
  /** The store does not answer any more. */
  readonly onFailed: () => void;
  /** It does again, and has been told what was allowed meanwhile. */
  readonly onRecovered: (outage: Outage) => void;
}

/** A store with an outage policy. */
export interface GuardedStore extends RateLimitStore {
  /** Whether charges of the partition were allowed that the store has yet to be told of. */
  isWaiting(partition: string): boolean;
}

/**
 * A store whose calls end within the deadline, and which answers by the policy when it cannot be
 * asked. After five failures in a row it is left alone, but for one call every second that finds out
 * whether it is back.
 *
 * What was allowed while it was left alone is counted as soon as it is back, with at most 10,000
 * counters waiting for it. A call that failed or was too late may have counted: its units are not
 * counted again, so that nothing ever counts twice.
 */
export function withOutagePolicy(
  store: RateLimitStore,
  options: OutagePolicyOptions,
): GuardedStore {
  const { within, clock } = options;
  // An outage concerns every caller.
  const inOwnContext = ownContext();
  const uncounted = createUncountedCharges(options);
  const breaker = createBreaker(clock, {
    opened: () => inOwnContext(options.onFailed),
    closed: recover,
  });
  let makingUp = Promise.resolve();
  /** The store has failed again before it was told everything. */
  let isBehind = false;

  function recover(): void {
    isBehind = false;
    makingUp = inOwnContext(() =>
      makingUp.then(async () => {
        if (await makeUp()) options.onRecovered(uncounted.report());
        else isBehind = true;
      }),
    );
  }

  const makeUp = () => uncounted.makeUp((request) => ask(() => store.consume(request), undefined));

  const ask = <T, Subject>(call: TimedCall<T, Subject>, subject: Subject) =>
    orElse(() => andThen(within(call, subject), heard, undefined), failed, undefined);

  const consume = (request: ChargeRequest, caller: Caller) => store.consume({ ...request, caller });

  function heard<T>(answer: T): T {
    if (breaker.succeeded()) uncounted.endOutage();
    if (isBehind) recover();
    return answer;
  }

  function failed(error: unknown): never {
    // Any other one is an answer: the charge lost against others, or no schema fits.
    if (!isOrgUserManagerError(error, 'unavailable')) throw error;
    breaker.failed();
    throw new OrgUserManagerError('usage_unavailable', {}, { cause: error.cause });
  }

  return {
    isWaiting: (partition) => uncounted.isWaiting(partition),
    consume(request) {
      if (!breaker.mayTry()) return uncounted.decide(request);
      return orElse(
        () => ask(consume, request),
        (error) => {
          if (!isOrgUserManagerError(error, 'usage_unavailable')) throw error;
          return uncounted.decide(request, error);
        },
        undefined,
      );
    },
    get(partition, keys) {
      if (!breaker.mayTry()) throw new OrgUserManagerError('usage_unavailable', {});
      return ask(() => store.get(partition, keys), undefined);
    },
    async sweep(now) {
      // A store that drops its counters by itself is asked nothing, so it has not answered.
      if (!store.sweep || !breaker.mayTry()) return false;
      return ask(() => store.sweep?.(now) ?? false, undefined);
    },
    async close() {
      await makingUp;
      await makeUp();
      await store.close?.();
    },
  };
}
