import type { MemberStatus, Role } from './member.ts';
import type { UsageLimit } from './usage-limit.ts';

/** Units consumed in the current day and month of the organization's zone. */
export interface CurrentUsage {
  readonly today: number;
  readonly thisMonth: number;
}

/** A member as the members table shows it. */
export interface MemberView {
  readonly orgId: string;
  readonly userId: string;
  readonly address: string;
  readonly name: string | null;
  readonly role: Role;
  readonly status: MemberStatus;
  readonly limit: UsageLimit;
  readonly usage: CurrentUsage;
  readonly joinedAt: Date;
  readonly invitedBy: string | null;
  readonly disabledAt: Date | null;
}
