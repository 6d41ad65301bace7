import { type ChargeRequest, OrgUserManagerError } from '../../../src/index.ts';

/** A call that waits for its answer. */
export interface Call<Answer> {
  readonly request: ChargeRequest;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** Calls that wait for their turn, each organization's in their order. */
export interface CallQueue<Answer> {
  isEmpty(): boolean;
  /** Adds a call; false when too many wait already. */
  add(call: Call<Answer>): boolean;
  /**
   * Takes what may leave together, of the organizations that are not busy. Calls that nobody waits for
   * any more are left out, and rejected.
   */
  take(isBusy: (partition: string) => boolean): readonly Call<Answer>[];
}

const mostWaiting = 10_000;
// Bounds the statement, and the sum of what it charges.
const mostCalls = 128;
const mostWindows = 1000;

/** Creates an empty queue. */
export function createCallQueue<Answer>(): CallQueue<Answer> {
  const queues = new Map<string, Call<Answer>[]>();
  let length = 0;
  return {
    isEmpty: () => length === 0,
    add(call) {
      if (length >= mostWaiting) return false;
      const { partition } = call.request;
      const queue = queues.get(partition);
      if (queue) queue.push(call);
      else queues.set(partition, [call]);
      length += 1;
      return true;
    },
    take(isBusy) {
      const taken: Call<Answer>[] = [];
      let windows = 0;
      for (const [partition, queue] of queues) {
        if (isBusy(partition)) continue;
        const waiting = queue.filter(isWaitedFor);
        const count = countThatFit(waiting, { calls: mostCalls - taken.length, windows });
        const leaving = waiting.splice(0, count);
        taken.push(...leaving);
        windows += countWindows(leaving);
        length -= queue.length - waiting.length;
        queues.delete(partition);
        if (waiting.length === 0) continue;
        // What did not fit goes behind the other organizations.
        queues.set(partition, waiting);
        break;
      }
      return taken;
    },
  };
}

/** Whether nobody waits for the answer any more. */
export function isAbandoned({ isAbandoned }: ChargeRequest): boolean {
  return isAbandoned?.() === true;
}

function isWaitedFor<Answer>({ request, reject }: Call<Answer>): boolean {
  if (!isAbandoned(request)) return true;
  reject(new OrgUserManagerError('unavailable', {}));
  return false;
}

/** How many calls of a queue still fit, beside `windows` that are taken; the first one always does. */
function countThatFit<Answer>(
  queue: readonly Call<Answer>[],
  { calls, windows }: { readonly calls: number; readonly windows: number },
): number {
  let sum = windows;
  const end = queue.slice(0, calls).findIndex(({ request }) => {
    const isFirst = sum === 0;
    sum += request.windows.length;
    return sum > mostWindows && !isFirst;
  });
  return end === -1 ? Math.min(calls, queue.length) : end;
}

function countWindows<Answer>(calls: readonly Call<Answer>[]): number {
  return calls.reduce((sum, { request }) => sum + request.windows.length, 0);
}
