import type { AuditEntry } from '../model/audit-entry.ts';
import type { Invitation } from '../model/invitation.ts';
import type { Member } from '../model/member.ts';
import type { Organization } from '../model/organization.ts';
import type { OutboxMail } from '../model/outbox-mail.ts';
import type { InvitationRow, ListQuery, Slice } from './list-query.ts';
import type { Outbox } from './outbox.ts';
import type { RateLimitStore } from './rate-limit-store.ts';

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
  /** Counts the pending invitations that are not expired at this instant. */
  readonly countPendingAt?: number;
}

/** What one organization knows about the people asked for. */
export interface Standing {
  /** Absent when there is no such organization; then everything else is empty too. */
  readonly organization: Organization | undefined;
  /** Every member that matches a user id or an address, once. */
  readonly members: readonly Member[];
  /** Every invitation that matches an id or a pending address, once. */
  readonly invitations: readonly InvitationRow[];
  /** 0 unless `countPendingAt` was given. */
  readonly pendingInvitations: number;
}

/** Reads. Outside a transaction they see the newest committed state. */
export interface StorageReader {
  /** Loads what a decision needs, in as few statements as the engine allows. */
  load(query: StandingQuery): Promise<Standing>;
  /** The invitation whose link has this selector, in any state. */
  findInvitation(selector: string): Promise<Invitation | undefined>;
  /** Members by joining time, then user id. */
  listMembers(query: ListQuery<'active' | 'disabled'>): Promise<Slice<Member>>;
  /** Invitations, newest first, then by id, each with its newest mail. */
  listInvitations(
    query: ListQuery<Invitation['status'] | 'expired'>,
  ): Promise<Slice<InvitationRow>>;
}

/** A member's or an invitation's key. */
export interface MemberKey {
  readonly orgId: string;
  readonly userId: string;
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
  /** Adds those whose address has no pending invitation; returns the ids it added. */
  insertInvitations(invitations: readonly Invitation[]): Promise<readonly string[]>;
  /**
   * Replaces an invitation that is still pending as `from` was issued: otherwise false. Every issue
   * has a mail of its own, so `mailId` tells them apart.
   */
  updateInvitation(from: Pick<Invitation, 'mailId'>, to: Invitation): Promise<boolean>;
  /** Revokes every pending invitation to the admin role that this admin answers for; says which. */
  revokeAdminInvitations(key: MemberKey, endedAt: number): Promise<readonly string[]>;
  /** Queues mails. */
  insertMails(mails: readonly OutboxMail[]): Promise<void>;
  /** Appends to the audit log. */
  insertAuditEntries(entries: readonly AuditEntry[]): Promise<void>;
}

/**
 * Where organizations, members, invitations and the outbox live.
 *
 * Contract: `transaction` runs `work` in one transaction whose first statement writes to the
 * organization's row, so that two transactions on one organization never overlap; it commits when
 * `work` resolves and undoes everything when it rejects. `work` uses only the transaction it is
 * given: an embedded database has one connection, and any other call would wait for ever.
 */
export interface Storage extends StorageReader {
  /** Runs `work` alone on the organization, all or nothing. */
  transaction<T>(orgId: string, work: (tx: StorageTransaction) => Promise<T>): Promise<T>;
  /** The mails to send. */
  readonly outbox: Outbox;
  /** Usage counters in the same place; used unless the manager is given another store. */
  readonly rateLimits: RateLimitStore;
  /** Brings the schema up to date. Safe to call from several processes at once. */
  migrate(): Promise<void>;
  /** Releases what the storage itself opened. */
  close(): Promise<void>;
}
