import type { UsageTable } from '../../rate-limit/sql/usage-table.ts';

// Columns that every engine reads back as written: varchar ids, bigint epoch milliseconds.

/** One row per organization, which is also its lock. */
export interface OrganizationTable {
  id: string;
  name: string;
  time_zone: string;
  /** `ZoneChange` as JSON; NULL = the zone is the first one. */
  zone_change: string | null;
  daily_allocation: number | null;
  monthly_allocation: number | null;
  member_limit: number | null;
  active_admins: number;
  active_members: number;
  pending_upper_bound: number;
  /** `InvitePolicy` as JSON; NULL = nobody has set one. */
  invite_policy: string | null;
  /** Counts transactions; writing it is how a transaction locks the organization. */
  revision: number;
  created_at: number;
}

/** One row per (organization, user), for ever: a disabled member stays. */
export interface MemberTable {
  org_id: string;
  user_id: string;
  address: string;
  name: string | null;
  /** `memberSortName` of the row: whoever writes `name` or `address` writes this too. */
  sort_name: string;
  phone: string | null;
  role: 'member' | 'admin';
  status: 'active' | 'disabled';
  daily_limit: number | null;
  monthly_limit: number | null;
  joined_at: number;
  invited_by: string | null;
  disabled_at: number | null;
}

/** Holds no token and no link. */
export interface InvitationTable {
  id: string;
  org_id: string;
  address: string;
  /** The address while pending, then NULL: unique in the organization, so there is no twin. */
  pending_address: string | null;
  role: 'member' | 'admin';
  daily_limit: number | null;
  monthly_limit: number | null;
  name: string | null;
  phone: string | null;
  status: 'pending' | 'accepted' | 'declined' | 'revoked';
  generation: number;
  invited_by: string | null;
  created_at: number;
  expires_at: number;
  send_count: number;
  last_send_at: number;
  ended_at: number | null;
  ended_by: string | null;
}

/** The outbox. While a mail is claimed, `next_attempt_at` is when the lease ends. */
export interface MailTable {
  org_id: string;
  invitation_id: string;
  /** Which one of its invitation, from 1 on. */
  number: number;
  state: 'queued' | 'sent' | 'failed' | 'cancelled';
  attempts: number;
  next_attempt_at: number;
  last_error: string | null;
  claim_id: string | null;
  created_at: number;
}

/** One row per audit entry. */
export interface AuditEntryTable {
  id: string;
  org_id: string;
  at: number;
  actor: string | null;
  action: string;
  subject: string;
  reason: string | null;
}

/** What calls with an idempotency key answered. */
export interface AnswerTable {
  org_id: string;
  /** Of the key and of who used it. */
  digest: string;
  /** A digest of what the call asked for. */
  request: string;
  answer: string;
  expires_at: number;
}

/** One row per reservation that nobody has settled. */
export interface ReservationTable {
  id: string;
  org_id: string;
  user_id: string;
  activity: string;
  estimate: number;
  /** The local date of the day, and when it ends; likewise the month. */
  day: string;
  day_ends_at: number;
  month: string;
  month_ends_at: number;
  expires_at: number;
}

/** The ledger: one row per migration that has been made. */
export interface MigrationTable {
  name: string;
  /** Whether a version that does not know it must refuse the schema: 0 or 1. */
  breaking: number;
}

/** Our tables. */
export interface Tables {
  oum_organization: OrganizationTable;
  oum_member: MemberTable;
  oum_invitation: InvitationTable;
  oum_mail: MailTable;
  oum_audit_entry: AuditEntryTable;
  oum_answer: AnswerTable;
  oum_usage: UsageTable;
  oum_reservation: ReservationTable;
  oum_migration: MigrationTable;
}
