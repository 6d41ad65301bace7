import type { UsageLimit } from './usage-limit.ts';

/** What a member may do: admins manage, members use. */
export type Role = 'member' | 'admin';

/** A disabled member stays as a tombstone that only support can bring back. */
export type MemberStatus = 'active' | 'disabled';

/** A member as stored. Times are epoch milliseconds. */
export interface Member {
  readonly orgId: string;
  readonly userId: string;
  /** The address in its normal form (see `normalizeAddress`). */
  readonly address: string;
  /** The name their account had when they joined, or else the one in their invitation, if any. */
  readonly name: string | null;
  /** Their phone number in E.164 form, if their invitation had one. */
  readonly phone: string | null;
  /** What they may do. */
  readonly role: Role;
  /** Whether they may use the organization at all. */
  readonly status: MemberStatus;
  /** What they may consume, within what the organization may. */
  readonly limit: UsageLimit;
  /** When they accepted, or founded the organization. */
  readonly joinedAt: number;
  /** The admin whose invitation was accepted; `null` for the founder and for system invitations. */
  readonly invitedBy: string | null;
  /** When they were disabled; `null` while active. */
  readonly disabledAt: number | null;
}
