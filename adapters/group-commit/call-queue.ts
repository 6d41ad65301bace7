import { type GroupedRequest, isAbandoned, notMade } from './grouped-request.ts';

/** A call that waits for its answer. */
export interface Call<Request, Answer> {
  readonly request: Request;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** How much leaves together. */
export interface GroupLimits<Request> {
  /** Most calls of a group. */
  readonly calls: number;
  /** Most that the sizes of its calls add up to; a single call may be larger. */
  readonly size: number;
  readonly sizeOf: (request: Request) => number;
  /** Most partitions that share a group. */
  readonly partitions: number;
}

/** Calls that wait for their turn, each partition's in their order. */
export interface CallQueue<Request, Answer> {
  isEmpty(): boolean;
  /** Adds a call; false when too many of its partition wait already. */
  add(call: Call<Request, Answer>): boolean;
  /** Leaves out calls whose callers are gone, and rejects them. */
  purge(): void;
  /** Puts calls of a group that has to be divided before those that wait. */
  putBack(calls: readonly Call<Request, Answer>[]): void;
  /**
   * Takes what may leave together, of the partitions that are not busy; a suspect one leaves by itself.
   * Calls that nobody waits for any more are left out, and rejected.
   */
  take(partitions: PartitionStates): readonly Call<Request, Answer>[];
}

/** What is known of partitions. */
export interface PartitionStates {
  isBusy(partition: string): boolean;
  isSuspect(partition: string): boolean;
}

// A partition takes half of the room that the others leave it, so each finds some.
const mostWaiting = 20_000;

/** Creates an empty queue. */
export function createCallQueue<Request extends GroupedRequest, Answer>(
  limits: GroupLimits<Request>,
): CallQueue<Request, Answer> {
  const queues = new Map<string, Call<Request, Answer>[]>();
  let length = 0;

  /** Takes calls of one partition, and their room; what does not fit goes behind the other partitions. */
  function takeOf(partition: string, room: Room): readonly Call<Request, Answer>[] {
    const queue = queues.get(partition) ?? [];
    const waiting = queue.filter(isWaitedFor);
    const leaving = waiting.splice(0, countThatFit(waiting, room, limits));
    length -= queue.length - waiting.length;
    queues.delete(partition);
    if (waiting.length > 0) queues.set(partition, waiting);
    room.calls -= leaving.length;
    room.partitions -= Number(leaving.length > 0);
    for (const { request } of leaving) room.size -= limits.sizeOf(request);
    return leaving;
  }

  return {
    isEmpty: () => length === 0,
    add(call) {
      const { partition } = call.request;
      const queue = queues.get(partition) ?? [];
      if (queue.length >= mostWaiting - length) return false;
      queue.push(call);
      queues.set(partition, queue);
      length += 1;
      return true;
    },
    purge() {
      for (const [partition, queue] of queues) {
        const waiting = queue.filter(isWaitedFor);
        length -= queue.length - waiting.length;
        if (waiting.length > 0) queues.set(partition, waiting);
        else queues.delete(partition);
      }
    },
    putBack(calls) {
      for (const [partition, theirs] of Map.groupBy(calls, ({ request }) => request.partition)) {
        queues.set(partition, [...theirs, ...(queues.get(partition) ?? [])]);
      }
      length += calls.length;
    },
    take(states) {
      const taken: Call<Request, Answer>[] = [];
      const room = { ...limits };
      for (const partition of queues.keys()) {
        if (!mayLeave(partition, states, taken.length)) continue;
        if (states.isSuspect(partition)) room.partitions = 1;
        taken.push(...takeOf(partition, room));
        if (queues.has(partition) || room.partitions === 0) break;
      }
      return taken;
    },
  };
}

/** Whether calls of a partition may leave with so many others. */
function mayLeave(partition: string, states: PartitionStates, others: number): boolean {
  return !states.isBusy(partition) && (others === 0 || !states.isSuspect(partition));
}

/** What a group has room for. */
interface Room {
  calls: number;
  size: number;
  partitions: number;
}

function isWaitedFor<Request extends GroupedRequest, Answer>({
  request,
  reject,
}: Call<Request, Answer>): boolean {
  if (!isAbandoned(request)) return true;
  reject(notMade());
  return false;
}

/** How many calls of a queue fit into the room that is left; into an empty group the first one does. */
function countThatFit<Request, Answer>(
  queue: readonly Call<Request, Answer>[],
  room: Room,
  { size, sizeOf }: GroupLimits<Request>,
): number {
  let left = room.size;
  const end = queue.slice(0, room.calls).findIndex(({ request }) => {
    const isFirst = left === size;
    left -= sizeOf(request);
    return left < 0 && !isFirst;
  });
  return end === -1 ? Math.min(room.calls, queue.length) : end;
}
