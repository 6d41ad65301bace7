import { isOrgUserManagerError, OrgUserManagerError } from '../errors/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import { fromOutside } from '../system/maybe-promise.ts';
import { createSharedTimers } from './shared-timers.ts';

/** Somebody who waits for a call. */
export interface Caller {
  /** Nobody waits any more: the caller has been told that there was no answer in time. */
  isGone: boolean;
}

/**
 * Waits for a call no longer than the deadline; an answer that is there at once is handed on at once.
 * Throws, or rejects with, `unavailable` when there is no answer by then, or when the call fails with an
 * error that is none of ours, which becomes the cause.
 */
export type WithinDeadline = <T>(call: (caller: Caller) => MaybePromise<T>) => MaybePromise<T>;

/**
 * Waits for as long as it takes. For transactions of the host: a call that answered while its work
 * went on would let the host commit half of it.
 */
export const withoutDeadline: WithinDeadline = (call) => within(call, waitForEver);

/** The deadline of every call, in milliseconds. */
export function createDeadline(clock: Clock, deadlineMs: number): WithinDeadline {
  const startTimer = createSharedTimers(clock, deadlineMs);

  const wait = <T>(answer: Promise<T>, caller: Caller) =>
    new Promise<T>((resolve, reject) => {
      const cancel = startTimer(() => {
        caller.isGone = true;
        reject(unavailable(new Error(`no answer within ${deadlineMs} ms`)));
      });
      answer.then(
        (value) => {
          cancel();
          resolve(value);
        },
        (error: unknown) => {
          cancel();
          reject(asOurs(error));
        },
      );
    });

  return (call) => within(call, wait);
}

type Wait = <T>(answer: Promise<T>, caller: Caller) => Promise<T>;

const waitForEver: Wait = async (answer) => {
  try {
    return await answer;
  } catch (error) {
    throw asOurs(error);
  }
};

function within<T>(call: (caller: Caller) => MaybePromise<T>, wait: Wait): MaybePromise<T> {
  const caller = { isGone: false };
  let answer: MaybePromise<T>;
  try {
    answer = fromOutside(call(caller));
  } catch (error) {
    throw asOurs(error);
  }
  return answer instanceof Promise ? wait(answer, caller) : answer;
}

function asOurs(error: unknown): unknown {
  return isOrgUserManagerError(error) ? error : unavailable(error);
}

function unavailable(cause: unknown): OrgUserManagerError {
  return new OrgUserManagerError('unavailable', {}, { cause });
}
