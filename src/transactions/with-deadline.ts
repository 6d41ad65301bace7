import { OrgUserManagerError } from '../errors/index.ts';
import type { Caller } from '../ports/caller.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { ChargeRequest, RateLimitStore } from '../ports/rate-limit-store.ts';
import type { ReservationLog } from '../ports/reservation-log.ts';
import type { StandingQuery, StorageScope, StorageTransaction } from '../ports/storage.ts';
import type { WithinDeadline } from './deadline.ts';
import type { InTurn } from './turns.ts';

/** Calls of ports that answer later, or else reject. */
type Waiting = <T>(call: (caller: Caller) => Promise<T>) => Promise<T>;

const waitingWithin =
  (within: WithinDeadline): Waiting =>
  async (call) =>
    within((_, caller) => call(caller), undefined);

/**
 * A storage, or a host's transaction on it, whose calls end within the deadline, waiting for their turn
 * included. A transaction that nobody waits for any more is undone; only one that hangs in its very
 * commit may be done all the same.
 */
export function scopeWithDeadline(
  scope: StorageScope,
  within: WithinDeadline,
  inTurn: InTurn,
): StorageScope {
  const waiting = waitingWithin(within);
  const load = (query: StandingQuery, caller: Caller) => scope.load({ ...query, caller });
  return {
    load: (query) => within(load, query),
    findInvitation: (id) => waiting(() => scope.findInvitation(id)),
    listMembers: (query) => waiting(() => scope.listMembers(query)),
    listInvitations: (query) => waiting(() => scope.listInvitations(query)),
    countLimits: (orgId) => waiting(() => scope.countLimits(orgId)),
    transaction: (orgId, work) =>
      waiting((caller) => {
        const whileWaitedFor = async (tx: StorageTransaction) => {
          if (caller.isGone) throw new OrgUserManagerError('unavailable', {});
          const result = await work(tx);
          if (caller.isGone) throw new OrgUserManagerError('unavailable', {});
          return result;
        };
        return inTurn(orgId, caller, () => scope.transaction(orgId, whileWaitedFor, caller));
      }),
    rateLimits: countersWithDeadline(scope.rateLimits, within),
    reservations: reservationsWithDeadline(scope.reservations, waiting),
  };
}

/** Counters whose calls end within the deadline. */
export function countersWithDeadline(
  counters: RateLimitStore,
  within: WithinDeadline,
): RateLimitStore {
  const consume = ({ partition, windows }: ChargeRequest, caller: Caller) =>
    counters.consume({ partition, windows, caller });
  return {
    consume: (request) => within(consume, request),
    get: (partition, keys) => within(() => counters.get(partition, keys), undefined),
    sweep: async () => within(() => counters.sweep?.() ?? false, undefined),
  };
}

/** A log of reservations whose calls end within the deadline. */
function reservationsWithDeadline(reservations: ReservationLog, waiting: Waiting): ReservationLog {
  return {
    insert: (reservation) => waiting(() => reservations.insert(reservation)),
    remove: (id) => waiting(() => reservations.remove(id)),
    findExpired: (query) => waiting(() => reservations.findExpired(query)),
    nextExpiryAt: () => waiting(() => reservations.nextExpiryAt()),
  };
}

/** An outbox whose calls end within the deadline. */
export function outboxWithDeadline(outbox: Outbox, within: WithinDeadline): Outbox {
  const waiting = waitingWithin(within);
  return {
    claim: (lease) => waiting((caller) => outbox.claim({ ...lease, caller })),
    settle: (mail, claimId, outcome) => waiting(() => outbox.settle(mail, claimId, outcome)),
    nextDueAt: () => waiting(() => outbox.nextDueAt()),
  };
}
