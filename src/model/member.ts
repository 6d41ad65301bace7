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
  readonly name: string | null;
  readonly role: Role;
  readonly status: MemberStatus;
  readonly limit: UsageLimit;
  readonly joinedAt: number;
  /** The admin whose invitation was accepted; `null` for the founder and for system invitations. */
  readonly invitedBy: string | null;
  readonly disabledAt: number | null;
}
