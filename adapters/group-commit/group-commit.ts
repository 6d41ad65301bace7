import { OrgUserManagerError } from '../../src/index.ts';
import { nextTurn } from '../../src/system/event-loop.ts';
import { ownContext } from '../../src/system/own-context.ts';
import { type Call, createCallQueue, type GroupLimits } from './call-queue.ts';
import { createFlights, type FlightLimits } from './flights.ts';
import type { GroupedRequest } from './grouped-request.ts';

/** What is made together, and how much of it at once. */
export interface GroupCommitOptions<Request, Answer> extends GroupLimits<Request>, FlightLimits {
  /**
   * Makes calls together; the answers come in the calls' order. `overtakes`: an earlier call of one of
   * their partitions hangs, and nobody waits for it any more.
   */
  readonly run: (requests: readonly Request[], overtakes: boolean) => Promise<readonly Answer[]>;
  /** Makes a call that leaves alone. */
  readonly runAlone: (request: Request, overtakes: boolean) => Promise<Answer>;
}

/**
 * Merges calls that come while earlier ones of their partition are under way: they leave together as soon
 * as one of these is back. A call that finds none leaves at once, so that nothing waits where nothing is
 * concurrent; when several have just come back at once it leaves with those who ask again, within the
 * same turn of the event loop. Rejects with `unavailable` when thousands wait already.
 *
 * What leaves together runs in the asynchronous context in which this was made, for it serves several
 * callers; a call that leaves at once stays in its caller's.
 *
 * A group that hangs holds up its own partitions only, and these until nobody waits for it any more.
 */
export function createGroupCommit<Request extends GroupedRequest, Answer>(
  options: GroupCommitOptions<Request, Answer>,
): (request: Request) => Promise<Answer> {
  const queue = createCallQueue<Request, Answer>(options);
  const flights = createFlights(options);
  const inOwnContext = ownContext();
  let isGathering = false;

  function launch(): void {
    while (!flights.areFull()) {
      const calls = queue.take(flights.isBusy);
      const [first, second] = calls;
      if (!first) return;
      if (second) void fly(calls);
      else flyAlone(first.request).then(first.resolve, first.reject);
    }
  }

  async function fly(calls: readonly Call<Request, Answer>[]): Promise<void> {
    const requests = calls.map(({ request }) => request);
    const partitions = new Set(requests.map(({ partition }) => partition));
    const flight = flights.takeOff({ requests, partitions });
    try {
      const overtakes = [...partitions].some(flights.hasStalled);
      const answers = await options.run(requests, overtakes);
      for (const [index, answer] of answers.entries()) calls[index]?.resolve(answer);
    } catch (error) {
      for (const call of calls) call.reject(error);
    }
    flights.land(flight);
    gather();
  }

  async function flyAlone(request: Request): Promise<Answer> {
    const flight = flights.takeOff({ requests: [request], partitions: [request.partition] });
    try {
      return await options.runAlone(request, flights.hasStalled(request.partition));
    } finally {
      flights.land(flight);
      if (!queue.isEmpty()) gather();
    }
  }

  /** Lets those whose answer has just come ask again, so that they leave with the ones who wait. */
  function gather(): void {
    if (isGathering) return;
    isGathering = true;
    nextTurn(() => {
      isGathering = false;
      inOwnContext(launch);
    });
  }

  const mustWait = (partition: string) => flights.isBusy(partition) || flights.areFull();

  return (request) => {
    const { partition } = request;
    if (mustWait(partition)) flights.giveUpStalled();
    if (!isGathering && queue.isEmpty() && !mustWait(partition)) return flyAlone(request);
    return new Promise((resolve, reject) => {
      const isQueued = queue.add({ request, resolve, reject });
      if (!isQueued) reject(new OrgUserManagerError('unavailable', {}));
      if (!isGathering) inOwnContext(launch);
    });
  };
}
