import { isOrgUserManagerError, OrgUserManagerError } from '../errors/index.ts';
import type { Clock } from '../ports/clock.ts';
import { createSharedTimers } from './shared-timers.ts';

/**
 * Waits for a call no longer than the deadline. Throws `unavailable` when there is no answer by then,
 * or when the call fails with an error that is none of ours, which becomes the cause.
 */
export type WithinDeadline = <T>(call: (isOver: () => boolean) => Promise<T>) => Promise<T>;

/**
 * Waits for as long as it takes. For transactions of the host: a call that answered while its work
 * went on would let the host commit half of it.
 */
export const withoutDeadline: WithinDeadline = async (call) => {
  try {
    return await call(() => false);
  } catch (error) {
    throw asOurs(error);
  }
};

/** The deadline of every call, in milliseconds. */
export function createDeadline(clock: Clock, deadlineMs: number): WithinDeadline {
  const startTimer = createSharedTimers(clock, deadlineMs);
  return (call) =>
    new Promise((resolve, reject) => {
      let isOver = false;
      const cancel = startTimer(() => {
        isOver = true;
        reject(unavailable(new Error(`no answer within ${deadlineMs} ms`)));
      });
      const fail = (error: unknown) => {
        cancel();
        reject(asOurs(error));
      };
      try {
        call(() => isOver).then((answer) => {
          cancel();
          resolve(answer);
        }, fail);
      } catch (error) {
        fail(error);
      }
    });
}

function asOurs(error: unknown): unknown {
  return isOrgUserManagerError(error) ? error : unavailable(error);
}

function unavailable(cause: unknown): OrgUserManagerError {
  return new OrgUserManagerError('unavailable', {}, { cause });
}
