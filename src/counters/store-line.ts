import { isOrgUserManagerError, OrgUserManagerError } from '../errors/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import { andThen, orElse } from '../system/maybe-promise.ts';
import { ownContext } from '../system/own-context.ts';
import type { TimedCall, WithinDeadline } from '../transactions/deadline.ts';
import { createBreaker } from './breaker.ts';

/** The way to a store that may be away. */
export interface StoreLine {
  /** Whether the store may be asked now. */
  mayTry(): boolean;
  /** Asks the store. Throws, or rejects with, `usage_unavailable` when there is no answer in time. */
  ask<T, Subject>(call: TimedCall<T, Subject>, subject: Subject): MaybePromise<T>;
  /** Makes up with the next answer. */
  recoverLater(): void;
  /** Makes up now, if the store answers. */
  makeUp(): Promise<void>;
}

/** What a line depends on. */
export interface LineOptions {
  readonly within: WithinDeadline;
  readonly clock: Clock;
  /** The store does not answer any more. */
  readonly onFailed: () => void;
}

/** What there is to do once the store answers again. */
export interface Recovery {
  /** Counts in the store what it has missed; false when it has failed again before the end. */
  makeUp(): Promise<boolean>;
  /** A call was answered after others had failed. */
  endOutage(): void;
  /** The store is back, and has missed nothing. */
  recovered(): void;
}

/** Creates the way to one store. */
export function createStoreLine(
  { within, clock, onFailed }: LineOptions,
  recovery: Recovery,
): StoreLine {
  // An outage concerns every caller.
  const inOwnContext = ownContext();
  let makingUp: Promise<void> = Promise.resolve();
  let isMakingUp = false;
  /** The store was given up and is back, and `recovered` is yet to be called. */
  let isBack = false;
  /** Something waits for the next answer. */
  let isBehind = false;
  const breaker = createBreaker(clock, {
    opened: () => inOwnContext(onFailed),
    closed() {
      isBack = true;
      recover();
    },
  });

  function recover(): void {
    isBehind = false;
    makingUp = inOwnContext(() => makingUp.then(makeUp));
  }

  async function makeUp(): Promise<void> {
    isMakingUp = true;
    const isDone = await recovery.makeUp();
    isMakingUp = false;
    if (!isDone) isBehind = true;
    if (!isDone || !isBack) return;
    isBack = false;
    recovery.recovered();
  }

  function heard<T>(answer: T): T {
    if (breaker.succeeded()) recovery.endOutage();
    if (isBehind) recover();
    return answer;
  }

  function failed(error: unknown): never {
    // Any other one is an answer: the charge lost against others, or no schema fits.
    if (!isOrgUserManagerError(error, 'unavailable')) throw error;
    breaker.failed();
    throw new OrgUserManagerError('usage_unavailable', error.details, { cause: error.cause });
  }

  return {
    // When the manager closes, what waits is tried once more.
    mayTry: () => isMakingUp || breaker.mayTry(),
    ask: (call, subject) =>
      orElse(() => andThen(within(call, subject), heard, undefined), failed, undefined),
    recoverLater() {
      isBehind = true;
    },
    async makeUp() {
      recover();
      await makingUp;
    },
  };
}
