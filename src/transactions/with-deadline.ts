import { OrgUserManagerError } from '../errors/index.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { RateLimitStore } from '../ports/rate-limit-store.ts';
import type { ReservationLog } from '../ports/reservation-log.ts';
import type { StorageScope } from '../ports/storage.ts';
import type { Caller, WithinDeadline } from './deadline.ts';

/** Calls of ports that answer later, or else reject. */
type Waiting = <T>(call: (caller: Caller) => Promise<T>) => Promise<T>;

const waitingWithin =
  (within: WithinDeadline): Waiting =>
  async (call) =>
    within(call);

/**
 * A storage, or a host's transaction on it, whose calls end within the deadline. A transaction that
 * nobody waits for any more is undone; only one that hangs in its very commit may be done all the
 * same.
 */
export function scopeWithDeadline(scope: StorageScope, within: WithinDeadline): StorageScope {
  const waiting = waitingWithin(within);
  return {
    load: (query) => within((caller) => scope.load({ ...query, isAbandoned: () => caller.isGone })),
    findInvitation: (selector) => waiting(() => scope.findInvitation(selector)),
    listMembers: (query) => waiting(() => scope.listMembers(query)),
    listInvitations: (query) => waiting(() => scope.listInvitations(query)),
    countLimits: (orgId) => waiting(() => scope.countLimits(orgId)),
    transaction: (orgId, work) =>
      waiting((caller) =>
        scope.transaction(orgId, async (tx) => {
          if (caller.isGone) throw new OrgUserManagerError('unavailable', {});
          const result = await work(tx);
          if (caller.isGone) throw new OrgUserManagerError('unavailable', {});
          return result;
        }),
      ),
    rateLimits: countersWithDeadline(scope.rateLimits, within),
    reservations: reservationsWithDeadline(scope.reservations, waiting),
  };
}

/** Counters whose calls end within the deadline. */
export function countersWithDeadline(
  counters: RateLimitStore,
  within: WithinDeadline,
): RateLimitStore {
  return {
    consume: ({ partition, windows }) =>
      within((caller) =>
        counters.consume({ partition, windows, isAbandoned: () => caller.isGone }),
      ),
    get: (partition, keys) => within(() => counters.get(partition, keys)),
    sweep: async (now) => within(() => counters.sweep?.(now)),
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
    claim: (lease) => waiting(() => outbox.claim(lease)),
    settle: (mailId, claimId, outcome) => waiting(() => outbox.settle(mailId, claimId, outcome)),
    nextDueAt: () => waiting(() => outbox.nextDueAt()),
  };
}
