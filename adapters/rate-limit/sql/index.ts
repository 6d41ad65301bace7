import type { ChargeRequest, ChargeResult, RateLimitStore } from '../../../src/index.ts';
import { createGroupCommit } from '../../group-commit/group-commit.ts';
import { hasGivenUp } from '../../sql/failures.ts';
import { chargeAlone, chargeInHostTransaction, chargeTogether, namesOf } from './charge.ts';
import { type CounterSession, readCounters } from './counters.ts';
import { beforeCharge } from './failures.ts';
import { fits, usedIn } from './merge-charges.ts';
import { createRefusals } from './refusals.ts';
import type { Standing } from './standing.ts';
import { sweepCounters } from './sweep.ts';

/**
 * Counts usage in SQL: one statement charges every window, or none, and charges that are made at once
 * share it.
 */
export function sqlRateLimitStore(session: CounterSession): RateLimitStore {
  return {
    consume: session.db.isTransaction
      ? (request) => chargeInHostTransaction(session, request)
      : chargeInGroups(session),
    async get(partition, keys) {
      const names = keys.map((key) => ({ partition, key }));
      const own = (await readCounters(session, names, 'visible')).get(partition);
      return keys.map((key) => own?.get(key) ?? 0);
    },
    sweep: () => sweepCounters(session),
  };
}

const groupLimits = {
  // Few enough to leave connections for everything else.
  flights: 4,
  // Two would wait for each other's locks in the database.
  flightsOfPartition: 1,
  // These bound the statement, and the sum of what it charges.
  calls: 128,
  size: 1000,
  // A charge that gives units back leaves alone.
  sizeOf: (request: ChargeRequest) =>
    givesBack(request) ? Number.POSITIVE_INFINITY : request.windows.length,
  partitions: Number.POSITIVE_INFINITY,
};

const givesBack = ({ windows }: ChargeRequest) => windows.some(({ cost }) => cost < 0);

function chargeInGroups(session: CounterSession): RateLimitStore['consume'] {
  const refusals = createRefusals();
  const charge = createGroupCommit<ChargeRequest, ChargeResult>({
    ...groupLimits,
    run: (requests, departure) => chargeTogether(session, requests, departure),
    runAlone: (request, mayHang) => chargeAlone(session, request, { mayHang }),
    isInVain: (error) => hasGivenUp(session.engine, error),
  });
  const refuse = createGroupCommit<ChargeRequest, ChargeResult | undefined>({
    ...groupLimits,
    run: (requests, { answer }) => refuseTogether(session, requests, answer),
    runAlone: (request) => refuseAlone(session, request),
  });

  return async (request) => {
    if (refusals.expects(request)) {
      // Reading is cheaper than a statement that fails, and as exact.
      const refused = await beforeCharge(() => refuse(request));
      if (refused) return refused;
    }
    const result = await charge(request);
    if (!result.allowed) refusals.note(request, result);
    return result;
  };
}

/** Refuses the charges for which there is no room, without trying them; answers all others with undefined. */
async function refuseTogether(
  session: CounterSession,
  requests: readonly ChargeRequest[],
  answer: (index: number, refused: ChargeResult | undefined) => void,
): Promise<void> {
  const standing = await readCounters(session, requests.flatMap(namesOf), 'newest');
  for (const [index, request] of requests.entries()) answer(index, refusal(request, standing));
}

/** Refuses one charge for which there is no room, without trying it; undefined for any other. */
async function refuseAlone(
  session: CounterSession,
  request: ChargeRequest,
): Promise<ChargeResult | undefined> {
  return refusal(request, await readCounters(session, namesOf(request), 'newest'));
}

function refusal(request: ChargeRequest, standing: Standing): ChargeResult | undefined {
  if (fits(request, standing)) return undefined;
  return { allowed: false, used: usedIn(request, standing) };
}
