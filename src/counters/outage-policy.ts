import { isOrgUserManagerError, OrgUserManagerError } from '../errors/index.ts';
import type { Caller } from '../ports/caller.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import type { ChargeRequest, ChargeResult, RateLimitStore } from '../ports/rate-limit-store.ts';
import { orElse } from '../system/maybe-promise.ts';
import {
  createUncountedCharges,
  type Outage,
  type UncountedCharges,
  type UncountedOptions,
} from './allow-uncounted.ts';
import { countKeyed } from './count-keyed.ts';
import type { Counters } from './counters.ts';
import { createStoreLine, type LineOptions } from './store-line.ts';
import { createWaitingTasks } from './waiting-tasks.ts';

/** What a store with an outage policy is made of. */
export interface OutagePolicyOptions extends UncountedOptions, LineOptions {
  /** Whether a counter lets a charge happen once, as those of an idempotency key. */
  readonly isOnce: (key: string) => boolean;
  /** The store answers again, and has counted what was allowed without it. */
  readonly onRecovered: (outage: Outage) => void;
}

/**
 * A store whose calls end within the deadline, and which answers by the policy when it cannot be
 * asked. After five failures in a row it is left alone, but for one call every second that finds out
 * whether it is back.
 *
 * What was allowed and certainly not charged is counted as soon as it is back, with at most 10,000
 * counters waiting for it. A call that failed otherwise or was too late may have counted: its units are
 * not counted again, so that nothing ever counts twice. What has an idempotency key is: it counts once.
 */
export function withOutagePolicy(store: RateLimitStore, options: OutagePolicyOptions): Counters {
  const { policy, isOnce, onError } = options;
  const now = store.now?.bind(store);
  const tasks = createWaitingTasks(onError);
  const uncounted = createUncountedCharges(options, {
    isKeyed: ({ windows }) => windows.some(({ key }) => isOnce(key)),
    countLater: (request) => whenBack(request.partition, () => countKeyed(request, isOnce, count)),
  });
  const line = createStoreLine(options, {
    makeUp: async () => (await uncounted.makeUp(count)) && (await tasks.runAll()),
    endOutage: uncounted.endOutage,
    recovered: () => options.onRecovered(uncounted.report()),
  });
  const consume = (request: ChargeRequest, caller: Caller) => store.consume({ ...request, caller });
  const count = (request: ChargeRequest) => line.ask(() => store.consume(request), undefined);

  function whenBack(partition: string, task: () => Promise<void>): boolean {
    const isKept = tasks.add(partition, task);
    if (isKept) line.recoverLater();
    return isKept;
  }

  function charge(
    request: ChargeRequest,
    decide: UncountedCharges['decide'],
  ): MaybePromise<ChargeResult> {
    if (!line.mayTry()) return decide(request);
    return orElse(
      () => line.ask(consume, request),
      (error) => {
        if (!isOrgUserManagerError(error, 'usage_unavailable')) throw error;
        const result = decide(request, error);
        // It may wait to be counted, and the store need not have been given up.
        line.recoverLater();
        return result;
      },
      undefined,
    );
  }

  function askIfThere<T>(call: () => MaybePromise<T>): MaybePromise<T> {
    if (!line.mayTry()) throw new OrgUserManagerError('usage_unavailable', { done: false });
    return line.ask(call, undefined);
  }

  return {
    consume: (request) => charge(request, uncounted.decide),
    hold: (request) => charge(request, uncounted.decideHeld),
    letGo: uncounted.letGo,
    async consumeCounted(request) {
      if (!line.mayTry()) throw new OrgUserManagerError('usage_unavailable', { done: false });
      return line.ask(consume, request);
    },
    whenBack: (partition, task) => policy !== 'closed' && whenBack(partition, task),
    isWaiting: (partition) => uncounted.isWaiting(partition) || tasks.isWaiting(partition),
    get: (partition, keys) => askIfThere(() => store.get(partition, keys)),
    ...(now && { now: () => askIfThere(now) }),
    async sweep() {
      // A store that drops its counters by itself is asked nothing, so it has not answered.
      if (!store.sweep || !line.mayTry()) return false;
      return line.ask(() => store.sweep?.() ?? false, undefined);
    },
    async close() {
      await line.makeUp();
      await store.close?.();
    },
  };
}
