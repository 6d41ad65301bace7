import type { Member } from './member.ts';

/** Units consumed in the current day and month of the organization's zone. */
export interface CurrentUsage {
  /** Units since the day began. */
  readonly today: number;
  /** Units since the month began. */
  readonly thisMonth: number;
}

/** A member as the members table shows it. */
export interface MemberView extends Omit<Member, 'joinedAt' | 'disabledAt'> {
  /** What they have consumed, over all activities. */
  readonly usage: CurrentUsage;
  /** When they accepted, or founded the organization. */
  readonly joinedAt: Date;
  /** When they were disabled; `null` while active. */
  readonly disabledAt: Date | null;
}
