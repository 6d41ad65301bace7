import type { MemberStatus, Role } from './member.ts';
import type { UsageLimit } from './usage-limit.ts';

/** Units consumed in the current day and month of the organization's zone. */
export interface CurrentUsage {
  /** Units since the day began. */
  readonly today: number;
  /** Units since the month began. */
  readonly thisMonth: number;
}

/** A member as the members table shows it. */
export interface MemberView {
  readonly orgId: string;
  readonly userId: string;
  /** Their address in its normal form. */
  readonly address: string;
  /** The name their account had when they joined, if any. */
  readonly name: string | null;
  /** What they may do. */
  readonly role: Role;
  /** Whether they may use the organization at all. */
  readonly status: MemberStatus;
  /** What they may consume, within what the organization may. */
  readonly limit: UsageLimit;
  /** What they have consumed, over all activities. */
  readonly usage: CurrentUsage;
  /** When they accepted, or founded the organization. */
  readonly joinedAt: Date;
  /** The admin whose invitation they accepted; `null` for the founder. */
  readonly invitedBy: string | null;
  /** When they were disabled; `null` while active. */
  readonly disabledAt: Date | null;
}
