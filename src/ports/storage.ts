import type { AuditEntry } from '../model/audit-entry.ts';
import type { Invitation } from '../model/invitation.ts';
import type { KeptAnswer } from '../model/kept-answer.ts';
import type { LimitCounts } from '../model/limit-counts.ts';
import type { Member, Role } from '../model/member.ts';
import type { Organization } from '../model/organization.ts';
import type { OutboxMail } from '../model/outbox-mail.ts';
import type { Caller } from './caller.ts';
import type { InvitationListQuery, InvitationRow, MemberListQuery, Slice } from './list-query.ts';
import type { MaybePromise } from './maybe-promise.ts';
import type { Outbox } from './outbox.ts';
import type { RateLimitStore } from './rate-limit-store.ts';
import type { ReservationLog } from './reservation-log.ts';

/** What to look up in one organization. */
export interface StandingQuery {
  readonly orgId: string;
  /** Finds members with these ids. */
  readonly userIds?: readonly string[];
  /** Finds members with these addresses. */
  readonly addresses?: readonly string[];
  /** Finds what is stored as pending for these addresses. */
  readonly pendingAddresses?: readonly string[];
  /** Finds these invitations, in any state. */
  readonly invitationIds?: readonly string[];
  /**
   * Who waits for the answer. A storage that lets calls wait for each other need not make one whose
   * caller is gone, nor wait for it.
   */
  readonly caller?: Caller | undefined;
}

/** What one organization knows about the people asked for. */
export interface Standing {
  /** Absent when there is no such organization; then everything else is empty too. */
  readonly organization: Organization | undefined;
  /** Every member that matches a user id or an address, once. */
  readonly members: readonly Member[];
  /** Every invitation that matches an id or a pending address, once. */
  readonly invitations: readonly InvitationRow[];
}

/** Reads. Outside a transaction they see the newest committed state. */
export interface StorageReader {
  /**
   * Loads what a decision needs, in as few statements as the engine allows. A storage that has it at
   * hand may answer at once, without a promise.
   */
  load(query: StandingQuery): MaybePromise<Standing>;
  /** The invitation with this id, of whatever organization and in any state. */
  findInvitation(id: string): Promise<Invitation | undefined>;
  /** One page of members. */
  listMembers(query: MemberListQuery): Promise<Slice<Member>>;
  /** One page of invitations, each with its newest mail. */
  listInvitations(query: InvitationListQuery): Promise<Slice<InvitationRow>>;
  /** Counts the active members of an organization by how they are limited. */
  countLimits(orgId: string): Promise<LimitCounts>;
}

/** A member's or an invitation's key. */
export interface MemberKey {
  readonly orgId: string;
  readonly userId: string;
}

/** Which invitations of a member: those that are pending and have not expired at `now`. */
export interface InvitationsOfMember extends MemberKey {
  /** Only those to this role. Default: both. */
  readonly role?: Role | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Why a member could not be written. */
export type SeatRefusal = 'last_admin' | 'member_limit_reached';

/**
 * Writes, all or nothing. Each write is guarded: it says what it expects and reports whether that
 * held, instead of raising a constraint error, because PostgreSQL gives up a whole transaction at
 * the first error.
 *
 * The storage itself keeps `activeAdmins` and `activeMembers` true, in the same statement or the
 * same transaction as the member's row, and refuses to go below one admin or above the member limit.
 * It also keeps `pendingUpperBound`, which only has to be counted when it says that there is no room:
 * the bound rises with what may become pending, and nothing that ends has to lower it.
 */
export interface StorageTransaction extends StorageReader {
  /** Creates the organization with its first admin. False, changing nothing, if it exists. */
  insertOrganization(organization: Organization, admin: Member): Promise<boolean>;
  /** Adds a member unless (orgId, userId) is there: `exists`. */
  insertMember(member: Member): Promise<'inserted' | 'exists' | 'member_limit_reached'>;
  /**
   * Writes role, status, limit and `disabledAt` of a member whose role and status still are as
   * `from` says: otherwise `stale`.
   */
  updateMember(from: Member, to: Member): Promise<'updated' | 'stale' | SeatRefusal>;
  /**
   * Adds those of one organization whose address has no pending invitation; returns the ids it added:
   * none if there is no such organization. Raises `pendingUpperBound` by as many as it is given.
   */
  insertInvitations(invitations: readonly Invitation[]): Promise<readonly string[]>;
  /**
   * Removes those of these invitations that have no mail yet, so that nobody can know of them; leaves
   * all others as they are.
   */
  deleteUnmailedInvitations(orgId: string, ids: readonly string[]): Promise<void>;
  /**
   * Replaces an invitation that is still pending as `from` was issued: otherwise false. Every issue
   * sends a mail, so `sendCount` tells them apart. Raises `pendingUpperBound` by one when `to` is
   * pending: it may have been expired.
   */
  updateInvitation(from: Pick<Invitation, 'sendCount'>, to: Invitation): Promise<boolean>;
  /**
   * Replaces those of one organization's invitations that are still pending, and leaves those that have
   * ended as they are. Raises `pendingUpperBound` by as many as it is given: they may have been expired.
   */
  replaceInvitations(invitations: readonly Invitation[]): Promise<void>;
  /** Revokes, at `now`, the invitations that a member answers for; returns their ids. */
  revokeInvitationsOf(of: InvitationsOfMember, endedBy: string | null): Promise<readonly string[]>;
  /**
   * Makes another user, or with `null` the system actor, answer for the invitations that a member
   * answers for; returns their ids.
   */
  reassignInvitationsOf(
    of: InvitationsOfMember,
    invitedBy: string | null,
  ): Promise<readonly string[]>;
  /** Counts what is pending and not expired at `now`, and sets `pendingUpperBound` to it. */
  countPending(orgId: string, now: number): Promise<number>;
  /**
   * Writes time zone, its change, allocation and invite policy of an organization; leaves all else, if
   * there is one.
   */
  updateOrganization(organization: Organization): Promise<void>;
  /** The answer kept under this key, unless it has expired at `now`. */
  findAnswer(key: Pick<KeptAnswer, 'orgId' | 'key'>, now: number): Promise<KeptAnswer | undefined>;
  /** Keeps an answer under a key that has none, and forgets the organization's expired ones. */
  keepAnswer(answer: KeptAnswer, now: number): Promise<void>;
  /** Queues mails. */
  insertMails(mails: readonly OutboxMail[]): Promise<void>;
  /** Appends to the audit log. */
  insertAuditEntries(entries: readonly AuditEntry[]): Promise<void>;
}

/**
 * Where calls read and write: a storage, or a host's transaction on it.
 *
 * Contract: `transaction` runs `work` in one transaction whose first statement writes to the
 * organization's row, so that two transactions on one organization never overlap; it commits when
 * `work` resolves and undoes everything when it rejects. `work` uses only the transaction it is
 * given: an embedded database has one connection, and any other call would wait for ever.
 *
 * A manager asks for the next transaction on an organization once the one before has ended, so that the
 * organization holds one connection of the process. A storage therefore ends each of them, and tells its
 * database to give up a wait that is longer than `caller` waits.
 */
export interface StorageScope extends StorageReader {
  /**
   * Runs `work` alone on the organization, all or nothing. `caller` is who waits for the answer; default:
   * somebody who waits as long as it takes. It need not be run for one that is gone.
   */
  transaction<T>(
    orgId: string,
    work: (tx: StorageTransaction) => Promise<T>,
    caller?: Caller,
  ): Promise<T>;
  /** Usage counters in the same place; used unless the manager is given another store. */
  readonly rateLimits: RateLimitStore;
  /** The reservations that are open. */
  readonly reservations: ReservationLog;
}

/** What tells an audit entry from all others. */
export type AuditKey = Pick<AuditEntry, 'orgId' | 'at' | 'id'>;

/** Calls inside transactions of the host. */
export interface HostTransactions {
  /**
   * The same storage inside an open transaction of the host: nothing begins or commits in it, each
   * `transaction` is undone alone when it fails, and no constraint error is left in the host's.
   * Throws `invalid_input` for anything but a transaction of such a database.
   */
  using(transaction: object): StorageScope;
  /** The ids of those of these audit entries that are committed. */
  findCommitted(entries: readonly AuditKey[]): Promise<readonly string[]>;
}

/** Where organizations, members, invitations and the outbox live. */
export interface Storage extends StorageScope {
  /** The mails to send. */
  readonly outbox: Outbox;
  /** Present when calls can run inside transactions of the host. */
  readonly hostTransactions?: HostTransactions;
  /**
   * Brings the schema up to date. Safe to call from several processes at once. What it throws that is no
   * error of this package, the manager hands on as the `cause` of `unavailable`.
   */
  migrate(): Promise<void>;
  /** Releases what the storage itself opened. */
  close(): Promise<void>;
}
