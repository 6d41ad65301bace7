import type { CalendarWindows } from '../limits/calendar.ts';
import { activityWindows, type Counter } from '../limits/counters.ts';
import { organizationWindows, type PolicyWindow, userWindows } from '../limits/usage-windows.ts';
import type { Member } from '../model/member.ts';
import type { Organization } from '../model/organization.ts';

/** Whose usage is charged, for what, and when. */
export interface ChargeSubject {
  readonly member: Pick<Member, 'userId' | 'limit'>;
  readonly organization: Pick<Organization, 'allocation'>;
  readonly activity: string;
  readonly calendar: CalendarWindows;
}

/** What a charge counts in. */
export interface ChargedWindows {
  /** The days and months of member and organization, with their limits. */
  readonly policies: readonly PolicyWindow[];
  /** The activity's share of the member's and of the organization's day, without a limit. */
  readonly shares: readonly [Counter, Counter];
}

/** Every counter that a charge of this activity by this member touches. */
export function chargedWindows(subject: ChargeSubject): ChargedWindows {
  const { member, organization, activity, calendar } = subject;
  return {
    policies: [
      ...userWindows(member.userId, member.limit, calendar),
      ...organizationWindows(organization, calendar),
    ],
    shares: activityWindows(member.userId, calendar.day, activity),
  };
}
