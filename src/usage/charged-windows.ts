import type { WindowEnd } from '../limits/calendar.ts';
import { activityWindows, type Counter } from '../limits/counters.ts';
import { organizationWindows, type PolicyWindow, userWindows } from '../limits/usage-windows.ts';
import type { Member } from '../model/member.ts';
import type { Organization } from '../model/organization.ts';

/** Whose usage is charged, for what, and when. */
export interface ChargeSubject<Window extends WindowEnd> {
  readonly member: Pick<Member, 'userId' | 'limit'>;
  readonly organization: Pick<Organization, 'allocation'>;
  readonly activity: string;
  readonly calendar: { readonly day: Window; readonly month: Window };
}

/** What a charge counts in. */
export interface ChargedWindows<Window extends WindowEnd> {
  /** The days and months of member and organization, with their limits. */
  readonly policies: readonly [
    PolicyWindow<Window>,
    PolicyWindow<Window>,
    PolicyWindow<Window>,
    PolicyWindow<Window>,
  ];
  /** The activity's share of the member's and of the organization's day, without a limit. */
  readonly shares: readonly [Counter, Counter];
}

/** Every counter that a charge of this activity by this member touches. */
export function chargedWindows<Window extends WindowEnd>(
  subject: ChargeSubject<Window>,
): ChargedWindows<Window> {
  const { member, organization, activity, calendar } = subject;
  return {
    policies: [
      ...userWindows(member.userId, member.limit, calendar),
      ...organizationWindows(organization, calendar),
    ],
    shares: activityWindows(member.userId, calendar.day, activity),
  };
}
