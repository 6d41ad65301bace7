import { afterMs, nextTurn } from '../../src/system/event-loop.ts';
import { ownContext } from '../../src/system/own-context.ts';
import { type Call, createCallQueue, type GroupLimits } from './call-queue.ts';
import { createFlights, type FlightLimits, type Landing } from './flights.ts';
import { createGroup, loneFlight } from './group.ts';
import { type GroupedRequest, notMade } from './grouped-request.ts';

/** How calls that leave together are made. */
export interface Departure<Answer> {
  /** Whether the statement is to carry a time-out: calls hang, or have waited in vain. */
  readonly mayHang: boolean;
  /** Answers the call at an index. */
  readonly answer: (index: number, answer: Answer) => void;
}

/** What is made together, and how much of it at once. */
export interface GroupCommitOptions<Request, Answer> extends GroupLimits<Request>, FlightLimits {
  /**
   * Makes calls together, and answers each as soon as it is made. When it rejects, those without an answer
   * have failed, and may be made again after waiting in vain.
   */
  readonly run: (requests: readonly Request[], departure: Departure<Answer>) => Promise<void>;
  /** Makes a call that leaves alone. */
  readonly runAlone: (request: Request, mayHang: boolean) => Promise<Answer>;
  /** Whether a failure means that calls waited for others, and did nothing. Default: none does. */
  readonly isInVain?: (error: unknown) => boolean;
}

// What is there at two looks hangs: no statement of ours takes so long by itself.
const lookEveryMs = 50;

/**
 * Merges calls that come while earlier ones of their partition are under way: they leave together as soon
 * as one of these is back. A call that finds none leaves at once, so that nothing waits where nothing is
 * concurrent; when several have just come back at once it leaves with those who ask again, within the
 * same turn of the event loop. Rejects with `unavailable` when thousands of its partition wait already.
 *
 * What leaves together runs in the asynchronous context in which this was made, for it serves several
 * callers; a call that leaves at once stays in its caller's.
 *
 * A group that hangs holds up its own partitions only, and these until nobody waits for it any more. When one
 * of several partitions makes a group wait in vain, the group is divided; such a partition leaves by itself
 * until its calls come back. Groups that hang take places of their own, of which there are few.
 */
export function createGroupCommit<Request extends GroupedRequest, Answer>(
  options: GroupCommitOptions<Request, Answer>,
): (request: Request) => Promise<Answer> {
  const queue = createCallQueue<Request, Answer>(options);
  const flights = createFlights(options);
  const inOwnContext = ownContext();
  let isGathering = false;
  // While calls wait nothing else may happen: neither comes another call, nor comes one back.
  const lookLater = createLookout(() => {
    flights.look();
    queue.purge();
    launch();
  });

  const landingOf = (error: unknown): Landing => (options.isInVain?.(error) ? 'in vain' : 'failed');

  function launch(): void {
    while (!flights.areFull()) {
      const calls = queue.take(flights);
      const [first, second] = calls;
      if (!first) break;
      if (second) void fly(calls);
      else flyAlone(first.request).then(first.resolve, first.reject);
    }
    if (!queue.isEmpty()) lookLater();
  }

  async function fly(calls: readonly Call<Request, Answer>[]): Promise<void> {
    const group = createGroup(calls);
    const { requests, partitions, answer } = group;
    const mayHang = flights.takeOff(group);
    let landing: Landing = 'done';
    try {
      await options.run(requests, { mayHang, answer });
    } catch (error) {
      landing = landingOf(error);
      if (landing === 'in vain' && partitions.length > 1) queue.putBack(group.unanswered());
      else group.fail(error);
    }
    flights.land(group, landing);
    gather();
  }

  async function flyAlone(request: Request): Promise<Answer> {
    const flight = loneFlight(request);
    const mayHang = flights.takeOff(flight);
    let landing: Landing = 'done';
    try {
      return await options.runAlone(request, mayHang);
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

  return (request) => {
    const { partition } = request;
    if (flights.isBusy(partition)) flights.giveUpAbandoned();
    if (!isGathering && queue.isEmpty() && !flights.isBusy(partition)) return flyAlone(request);
    return new Promise((resolve, reject) => {
      if (!queue.add({ request, resolve, reject })) reject(notMade());
      if (!isGathering) inOwnContext(launch);
    });
  };
}

/** Looks in a moment, once for all who ask until then. */
function createLookout(look: () => void): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    void afterMs(lookEveryMs).then(() => {
      isWaiting = false;
      look();
    });
  };
}
