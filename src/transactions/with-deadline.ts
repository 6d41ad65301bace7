import { OrgUserManagerError } from '../errors/index.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { RateLimitStore } from '../ports/rate-limit-store.ts';
import type { ReservationLog } from '../ports/reservation-log.ts';
import type { StorageScope } from '../ports/storage.ts';
import type { WithinDeadline } from './deadline.ts';

/**
 * A storage, or a host's transaction on it, whose calls end within the deadline. A transaction that
 * nobody waits for any more is undone; only one that hangs in its very commit may be done all the
 * same.
 */
export function scopeWithDeadline(scope: StorageScope, within: WithinDeadline): StorageScope {
  return {
    load: (query) => within(() => scope.load(query)),
    findInvitation: (selector) => within(() => scope.findInvitation(selector)),
    listMembers: (query) => within(() => scope.listMembers(query)),
    listInvitations: (query) => within(() => scope.listInvitations(query)),
    countLimits: (orgId) => within(() => scope.countLimits(orgId)),
    transaction: (orgId, work) =>
      within((isOver) =>
        scope.transaction(orgId, async (tx) => {
          if (isOver()) throw new OrgUserManagerError('unavailable', {});
          const result = await work(tx);
          if (isOver()) throw new OrgUserManagerError('unavailable', {});
          return result;
        }),
      ),
    rateLimits: countersWithDeadline(scope.rateLimits, within),
    reservations: reservationsWithDeadline(scope.reservations, within),
  };
}

/** Counters whose calls end within the deadline. */
export function countersWithDeadline(
  counters: RateLimitStore,
  within: WithinDeadline,
): RateLimitStore {
  return {
    consume: ({ partition, windows }) =>
      within((isAbandoned) => counters.consume({ partition, windows, isAbandoned })),
    get: (partition, keys) => within(() => counters.get(partition, keys)),
    sweep: (now) => within(async () => counters.sweep?.(now)),
  };
}

/** A log of reservations whose calls end within the deadline. */
function reservationsWithDeadline(
  reservations: ReservationLog,
  within: WithinDeadline,
): ReservationLog {
  return {
    insert: (reservation) => within(() => reservations.insert(reservation)),
    remove: (id) => within(() => reservations.remove(id)),
    findExpired: (query) => within(() => reservations.findExpired(query)),
    nextExpiryAt: () => within(() => reservations.nextExpiryAt()),
  };
}

/** An outbox whose calls end within the deadline. */
export function outboxWithDeadline(outbox: Outbox, within: WithinDeadline): Outbox {
  return {
    claim: (lease) => within(() => outbox.claim(lease)),
    settle: (mailId, claimId, outcome) => within(() => outbox.settle(mailId, claimId, outcome)),
    nextDueAt: () => within(() => outbox.nextDueAt()),
  };
}
