import type { Call } from './call-queue.ts';
import type { Flight } from './flights.ts';
import { type GroupedRequest, isAbandoned } from './grouped-request.ts';

/** Calls that leave together. */
export interface Group<Request, Answer> extends Flight {
  readonly requests: readonly Request[];
  /** Answers the call at an index. */
  answer(index: number, answer: Answer): void;
  /** The calls that have no answer yet: the others must not be made again. */
  unanswered(): readonly Call<Request, Answer>[];
  /** Fails those. */
  fail(error: unknown): void;
}

/** Groups calls, each of which gets one answer of its own. */
export function createGroup<Request extends GroupedRequest, Answer>(
  calls: readonly Call<Request, Answer>[],
): Group<Request, Answer> {
  const waiting = new Set(calls);
  const requests = calls.map(({ request }) => request);
  return {
    requests,
    partitions: [...new Set(requests.map(({ partition }) => partition))],
    isAbandoned: () => [...waiting].every(({ request }) => isAbandoned(request)),
    answer(index, answer) {
      const call = calls[index];
      if (call && waiting.delete(call)) call.resolve(answer);
    },
    unanswered: () => [...waiting],
    fail(error) {
      for (const { reject } of waiting) reject(error);
    },
  };
}

/** The flight of a call that leaves alone. */
export function loneFlight(request: GroupedRequest): Flight {
  return { partitions: [request.partition], isAbandoned: () => isAbandoned(request) };
}
