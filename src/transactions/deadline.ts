import { isOrgUserManagerError, OrgUserManagerError } from '../errors/index.ts';
import type { Caller } from '../ports/caller.ts';
import type { Clock } from '../ports/clock.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import { pause } from '../system/event-loop.ts';
import { fromOutside, isPending, orElse } from '../system/maybe-promise.ts';

/**
 * Waits for a call no longer than the deadline; an answer that is there at once is handed on at once.
 * Throws, or rejects with, `unavailable` when there is no answer by then, or when the call fails with an
 * error that is none of ours, which becomes the cause.
 */
export type WithinDeadline = <T, Subject>(
  call: TimedCall<T, Subject>,
  subject: Subject,
) => MaybePromise<T>;

/** A call about the subject, whose caller is gone once it has heard of no answer in time. */
export type TimedCall<T, Subject> = (subject: Subject, caller: Caller) => MaybePromise<T>;

/**
 * Waits for as long as it takes. For transactions of the host: a call that answered while its work
 * went on would let the host commit half of it.
 */
export const withoutDeadline: WithinDeadline = (call, subject) =>
  orElse(() => fromOutside(call(subject, patientCaller)), fail, undefined);

const patientCaller: Caller = { isGone: false, remainingMs: Number.POSITIVE_INFINITY };

/** The deadline of every call, in milliseconds. */
export function createDeadline(clock: Clock, deadlineMs: number): WithinDeadline {
  const wait = <T>(answer: Promise<T>, caller: TimedCaller) =>
    new Promise<T>((resolve, reject) => {
      async function expire(): Promise<void> {
        // A clock that jumps must not end a call whose answer is on its way to us.
        await pause(1);
        caller.isGone = true;
        reject(unavailable(new Error(`no answer within ${deadlineMs} ms`)));
      }
      const cancel = clock.schedule(() => void expire(), deadlineMs);
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

  return (call, subject) => {
    const caller = new TimedCaller(clock, deadlineMs);
    try {
      const answer = fromOutside(call(subject, caller));
      return isPending(answer) ? wait(answer, caller) : answer;
    } catch (error) {
      return fail(error);
    }
  };
}

/** A caller that waits for so many milliseconds from now on. */
class TimedCaller implements Caller {
  readonly #clock: Clock;
  readonly #waitsMs: number;
  readonly #since: number;
  isGone = false;

  constructor(clock: Clock, waitsMs: number) {
    this.#clock = clock;
    this.#waitsMs = waitsMs;
    this.#since = clock.now();
  }

  get remainingMs(): number {
    if (this.isGone) return 0;
    // A clock that is set back must not let a database wait for longer.
    const waitedMs = Math.max(0, this.#clock.now() - this.#since);
    return Math.max(0, this.#waitsMs - waitedMs);
  }
}

function fail(error: unknown): never {
  throw asOurs(error);
}

function asOurs(error: unknown): unknown {
  return isOrgUserManagerError(error) ? error : unavailable(error);
}

function unavailable(cause: unknown): OrgUserManagerError {
  return new OrgUserManagerError('unavailable', {}, { cause });
}
