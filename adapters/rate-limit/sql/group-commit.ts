import { type ChargeRequest, OrgUserManagerError } from '../../../src/index.ts';
import { type Call, createCallQueue, isAbandoned } from './call-queue.ts';

/** Makes calls together; the answers come in the calls' order. */
export type RunTogether<Answer> = (
  requests: readonly ChargeRequest[],
) => Promise<readonly Answer[]>;

interface Flight {
  readonly requests: readonly ChargeRequest[];
  readonly partitions: ReadonlySet<string>;
}

// Few enough to leave connections for everything else.
const mostFlights = 4;

/**
 * Merges calls that come while an earlier one of their organization is under way: they leave
 * together as soon as it is back. A call that finds none leaves at once, so that nothing waits where
 * nothing is concurrent. Rejects with `unavailable` when thousands wait already.
 *
 * An organization has one statement under way, so that its calls do not stand in each other's way in
 * the database, and there are few in all. One that hangs holds up its own organizations only, and
 * these until nobody waits for it any more.
 */
export function createGroupCommit<Answer>(
  run: RunTogether<Answer>,
): (request: ChargeRequest) => Promise<Answer> {
  const queue = createCallQueue<Answer>();
  const flights = new Set<Flight>();
  let isGathering = false;
  const isBusy = (partition: string) =>
    [...flights].some(({ partitions }) => partitions.has(partition));

  function launch(): void {
    while (flights.size < mostFlights) {
      const calls = queue.take(isBusy);
      if (calls.length === 0) return;
      void fly(calls);
    }
  }

  function forgetStalled(): void {
    for (const flight of flights) if (flight.requests.every(isAbandoned)) flights.delete(flight);
  }

  async function fly(calls: readonly Call<Answer>[]): Promise<void> {
    const requests = calls.map(({ request }) => request);
    const flight = { requests, partitions: new Set(requests.map(({ partition }) => partition)) };
    flights.add(flight);
    try {
      const answers = await run(requests);
      for (const [index, answer] of answers.entries()) calls[index]?.resolve(answer);
    } catch (error) {
      for (const call of calls) call.reject(error);
    }
    flights.delete(flight);
    gather();
  }

  /** Lets those whose answer has just come ask again, so that they leave with the ones who wait. */
  function gather(): void {
    if (isGathering || queue.isEmpty()) return;
    isGathering = true;
    setImmediate(() => {
      isGathering = false;
      launch();
    });
  }

  return (request) =>
    new Promise((resolve, reject) => {
      const isTaken = queue.add({ request, resolve, reject });
      if (!isTaken) return reject(new OrgUserManagerError('unavailable', {}));
      forgetStalled();
      if (!isGathering) launch();
    });
}
