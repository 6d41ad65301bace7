import { OrgUserManagerError } from '../../src/index.ts';
import { type Call, createCallQueue, type GroupLimits } from './call-queue.ts';
import { type GroupedRequest, isAbandoned } from './grouped-request.ts';

/** What is made together, and how much of it at once. */
export interface GroupCommitOptions<Request, Answer> extends GroupLimits<Request> {
  /** Makes calls together; the answers come in the calls' order. */
  readonly run: (requests: readonly Request[]) => Promise<readonly Answer[]>;
  /** Most groups under way. */
  readonly flights: number;
  /** Most of them with calls of the same partition. */
  readonly flightsOfPartition: number;
}

interface Flight {
  readonly requests: readonly GroupedRequest[];
  readonly partitions: ReadonlySet<string>;
}

/**
 * Merges calls that come while earlier ones of their partition are under way: they leave together as soon
 * as one of these is back. A call that finds none leaves at once, so that nothing waits where nothing is
 * concurrent; when several have just come back at once it leaves with those who ask again, within the
 * same turn of the event loop. Rejects with `unavailable` when thousands wait already.
 *
 * A group that hangs holds up its own partitions only, and these until nobody waits for it any more.
 */
export function createGroupCommit<Request extends GroupedRequest, Answer>(
  options: GroupCommitOptions<Request, Answer>,
): (request: Request) => Promise<Answer> {
  const queue = createCallQueue<Request, Answer>(options);
  const flights = new Set<Flight>();
  const flightsOf = new Map<string, number>();
  let isGathering = false;

  const isBusy = (partition: string) =>
    (flightsOf.get(partition) ?? 0) >= options.flightsOfPartition;

  function launch(): void {
    while (flights.size < options.flights) {
      const calls = queue.take(isBusy);
      if (calls.length === 0) return;
      void fly(calls);
    }
  }

  function takeOff(flight: Flight): void {
    flights.add(flight);
    for (const partition of flight.partitions) {
      flightsOf.set(partition, (flightsOf.get(partition) ?? 0) + 1);
    }
  }

  /** Once it is back, or given up. */
  function land(flight: Flight): void {
    if (!flights.delete(flight)) return;
    for (const partition of flight.partitions) {
      const left = (flightsOf.get(partition) ?? 0) - 1;
      if (left > 0) flightsOf.set(partition, left);
      else flightsOf.delete(partition);
    }
  }

  function giveUpStalled(): void {
    for (const flight of flights) if (flight.requests.every(isAbandoned)) land(flight);
  }

  async function fly(calls: readonly Call<Request, Answer>[]): Promise<void> {
    const requests = calls.map(({ request }) => request);
    const flight = { requests, partitions: new Set(requests.map(({ partition }) => partition)) };
    takeOff(flight);
    try {
      const answers = await options.run(requests);
      for (const [index, answer] of answers.entries()) calls[index]?.resolve(answer);
    } catch (error) {
      for (const call of calls) call.reject(error);
    }
    land(flight);
    if (calls.length > 1 || !queue.isEmpty()) gather();
  }

  /** Lets those whose answer has just come ask again, so that they leave with the ones who wait. */
  function gather(): void {
    if (isGathering) return;
    isGathering = true;
    setImmediate(() => {
      isGathering = false;
      launch();
    });
  }

  const mustWait = (partition: string) => isBusy(partition) || flights.size >= options.flights;

  function start(call: Call<Request, Answer>): void {
    const { partition } = call.request;
    if (mustWait(partition)) giveUpStalled();
    if (!isGathering && queue.isEmpty() && !mustWait(partition)) return void fly([call]);
    if (!queue.add(call)) call.reject(new OrgUserManagerError('unavailable', {}));
    if (!isGathering) launch();
  }

  return (request) => new Promise((resolve, reject) => start({ request, resolve, reject }));
}
