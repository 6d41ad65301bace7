import { OrgUserManagerError } from '../../src/index.ts';
import { nextTurn } from '../../src/system/event-loop.ts';
import { ownContext } from '../../src/system/own-context.ts';
import { type Call, createCallQueue, type GroupLimits } from './call-queue.ts';
import { createFlights, type FlightLimits, type Landing } from './flights.ts';
import type { GroupedRequest } from './grouped-request.ts';

/** What is made together, and how much of it at once. */
export interface GroupCommitOptions<Request, Answer> extends GroupLimits<Request>, FlightLimits {
  /**
   * Makes calls together; the answers come in the calls' order. `mayHang`: earlier ones of their partition
   * hang, or have waited in vain.
   */
  readonly run: (requests: readonly Request[], mayHang: boolean) => Promise<readonly Answer[]>;
  /** Makes a call that leaves alone. */
  readonly runAlone: (request: Request, mayHang: boolean) => Promise<Answer>;
  /** Whether a failure means that calls waited for others, and did nothing. Default: none does. */
  readonly isInVain?: (error: unknown) => boolean;
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
 * A group that hangs holds up its own partitions only, and these until nobody waits for it any more. When one
 * of several partitions makes a group wait in vain, the group is divided; such a partition leaves by itself
 * until its calls come back.
 */
export function createGroupCommit<Request extends GroupedRequest, Answer>(
  options: GroupCommitOptions<Request, Answer>,
): (request: Request) => Promise<Answer> {
  const queue = createCallQueue<Request, Answer>(options);
  const flights = createFlights(options);
  const inOwnContext = ownContext();
  let isGathering = false;

  const landingOf = (error: unknown): Landing => (options.isInVain?.(error) ? 'in vain' : 'failed');

  function launch(): void {
    while (!flights.areFull()) {
      const calls = queue.take(flights);
      const [first, second] = calls;
      if (!first) return;
      if (second) void fly(calls, first.request.partition);
      else flyAlone(first.request).then(first.resolve, first.reject);
    }
  }

  async function fly(calls: readonly Call<Request, Answer>[], first: string): Promise<void> {
    const requests = calls.map(({ request }) => request);
    const partitions = new Set(requests.map(({ partition }) => partition));
    const flight = flights.takeOff({ requests, partitions });
    let landing: Landing = 'done';
    try {
      // Whoever may hang leaves by itself.
      const answers = await options.run(requests, flights.mayHang(first));
      for (const [index, answer] of answers.entries()) calls[index]?.resolve(answer);
    } catch (error) {
      landing = landingOf(error);
      if (landing === 'in vain' && partitions.size > 1) queue.putBack(calls);
      else rejectAll(calls, error);
    }
    flights.land(flight, landing);
    gather();
  }

  async function flyAlone(request: Request): Promise<Answer> {
    const { partition } = request;
    const flight = flights.takeOff({ requests: [request], partitions: [partition] });
    let landing: Landing = 'done';
    try {
      return await options.runAlone(request, flights.mayHang(partition));
    } catch (error) {
      landing = landingOf(error);
      throw error;
    } finally {
      flights.land(flight, landing);
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
      if (!isQueued) reject(new OrgUserManagerError('unavailable', { done: false }));
      if (!isGathering) inOwnContext(launch);
    });
  };
}

function rejectAll<Request, Answer>(calls: readonly Call<Request, Answer>[], error: unknown): void {
  for (const call of calls) call.reject(error);
}
