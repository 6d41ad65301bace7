import { ownFields } from '../access/own-fields.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { RateLimitStore } from '../ports/rate-limit-store.ts';
import type { ReservationLog } from '../ports/reservation-log.ts';
import type { Storage, StorageReader, StorageTransaction } from '../ports/storage.ts';
import { followPlan, type Meet } from './fault-plan.ts';
import { type Fault, InjectedFault } from './injected-fault.ts';

/** The operations in which `faultyStorage()` can inject a fault. */
export type FaultyOperation =
  | 'transaction'
  | keyof StorageTransaction
  | keyof Outbox
  | Exclude<keyof RateLimitStore, 'close'>
  | keyof ReservationLog;

/** What `faultyStorage()` takes. */
export interface FaultyStorageOptions {
  /** Decides every fault; the same seed repeats the same ones. */
  readonly seed: number;
  /** The share of calls that meet a fault, from 0 to 1. Default: 0.2. */
  readonly rate?: number | undefined;
  /**
   * What may go wrong. A delay lasts 1 to 4 milliseconds. Default: everything but `drop`, which only
   * a clock that moves on brings to an end.
   */
  readonly faults?: readonly Fault[] | undefined;
  /** Where; reads count inside a transaction and outside it. Default: in every operation. */
  readonly operations?: readonly FaultyOperation[] | undefined;
}

/**
 * A storage whose calls fail at times, as a database behind a network does. `error-before` fails
 * before anything is done; `error-after` carries the call out, for `transaction` including the
 * commit, and then fails all the same, so that the caller cannot know; `delay` lets others go
 * first; `drop` never answers and does nothing, as when a connection is lost without a word. Errors are
 * `InjectedFault`, which the manager hands on as the `cause` of `unavailable`. `migrate()`, `close()` and
 * calls inside transactions of the host work as ever.
 *
 * @example
 * import { memoryStorage } from 'org-user-manager/memory';
 * import { faultyStorage } from 'org-user-manager/testing';
 *
 * const storage = faultyStorage(memoryStorage(), { seed: 1, operations: ['transaction'] });
 */
export function faultyStorage(storage: Storage, options: FaultyStorageOptions): Storage {
  const {
    seed,
    rate = 0.2,
    faults = ['error-before', 'error-after', 'delay'],
    operations,
  } = ownFields(options, ['seed', 'rate', 'faults', 'operations']);
  const meetInside = followPlan({ seed, rate, faults, operations });
  const meet: Meet = (operation, call) => orNever(meetInside(operation, call));
  return {
    ...faultyReader(storage, meet),
    transaction: (orgId, work, caller) =>
      meet('transaction', () =>
        storage.transaction(orgId, (tx) => work(faultyTransaction(tx, meetInside)), caller),
      ),
    outbox: faultyOutbox(storage.outbox, meet),
    rateLimits: {
      consume: (request) => meet('consume', () => storage.rateLimits.consume(request)),
      get: (partition, keys) => meet('get', () => storage.rateLimits.get(partition, keys)),
    },
    reservations: faultyReservations(storage.reservations, meet),
    ...(storage.hostTransactions && { hostTransactions: storage.hostTransactions }),
    migrate: () => storage.migrate(),
    close: () => storage.close(),
  };
}

/** A dropped call has undone its transaction, like any other fault; its caller does not hear of it. */
function orNever<T>(call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    const isDropped = error instanceof InjectedFault && error.fault === 'drop';
    return isDropped ? new Promise<T>(() => undefined) : Promise.reject(error);
  });
}

function faultyReader(reader: StorageReader, meet: Meet): StorageReader {
  return {
    load: (query) => meet('load', () => reader.load(query)),
    findInvitation: (id) => meet('findInvitation', () => reader.findInvitation(id)),
    listMembers: (query) => meet('listMembers', () => reader.listMembers(query)),
    listInvitations: (query) => meet('listInvitations', () => reader.listInvitations(query)),
    countLimits: (orgId) => meet('countLimits', () => reader.countLimits(orgId)),
  };
}

function faultyTransaction(tx: StorageTransaction, meet: Meet): StorageTransaction {
  return {
    ...faultyReader(tx, meet),
    insertOrganization: (organization, admin) =>
      meet('insertOrganization', () => tx.insertOrganization(organization, admin)),
    insertMember: (member) => meet('insertMember', () => tx.insertMember(member)),
    updateMember: (from, to) => meet('updateMember', () => tx.updateMember(from, to)),
    insertInvitations: (rows) => meet('insertInvitations', () => tx.insertInvitations(rows)),
    deleteUnmailedInvitations: (orgId, ids) =>
      meet('deleteUnmailedInvitations', () => tx.deleteUnmailedInvitations(orgId, ids)),
    updateInvitation: (from, to) => meet('updateInvitation', () => tx.updateInvitation(from, to)),
    replaceInvitations: (rows) => meet('replaceInvitations', () => tx.replaceInvitations(rows)),
    updateOrganization: (organization) =>
      meet('updateOrganization', () => tx.updateOrganization(organization)),
    findAnswer: (key, now) => meet('findAnswer', () => tx.findAnswer(key, now)),
    keepAnswer: (answer, now) => meet('keepAnswer', () => tx.keepAnswer(answer, now)),
    revokeInvitationsOf: (of, endedBy) =>
      meet('revokeInvitationsOf', () => tx.revokeInvitationsOf(of, endedBy)),
    reassignInvitationsOf: (of, invitedBy) =>
      meet('reassignInvitationsOf', () => tx.reassignInvitationsOf(of, invitedBy)),
    countPending: (orgId, now) => meet('countPending', () => tx.countPending(orgId, now)),
    insertMails: (mails) => meet('insertMails', () => tx.insertMails(mails)),
    insertAuditEntries: (entries) =>
      meet('insertAuditEntries', () => tx.insertAuditEntries(entries)),
  };
}

function faultyReservations(reservations: ReservationLog, meet: Meet): ReservationLog {
  return {
    insert: (reservation) => meet('insert', () => reservations.insert(reservation)),
    remove: (id) => meet('remove', () => reservations.remove(id)),
    findExpired: (query) => meet('findExpired', () => reservations.findExpired(query)),
    nextExpiryAt: () => meet('nextExpiryAt', () => reservations.nextExpiryAt()),
  };
}

function faultyOutbox(outbox: Outbox, meet: Meet): Outbox {
  return {
    claim: (lease) => meet('claim', () => outbox.claim(lease)),
    settle: (mail, claimId, outcome) => meet('settle', () => outbox.settle(mail, claimId, outcome)),
    nextDueAt: () => meet('nextDueAt', () => outbox.nextDueAt()),
  };
}
