import type { Organization } from '../model/organization.ts';
import type { PolicyName } from '../model/usage-decision.ts';
import type { UsageLimit } from '../model/usage-limit.ts';
import type { CalendarWindow, CalendarWindows } from './calendar.ts';
import { type Counter, counterKey, historyMs } from './counters.ts';

/** A counter with the policy it enforces. */
export interface PolicyWindow extends Counter {
  readonly policy: PolicyName;
  readonly scope: 'user' | 'organization';
  readonly window: 'day' | 'month';
  readonly calendar: CalendarWindow;
}

function dayAndMonth(
  userId: string | null,
  limit: UsageLimit,
  calendar: CalendarWindows,
): readonly [PolicyWindow, PolicyWindow] {
  const build = (window: PolicyWindow['window'], most: number | null): PolicyWindow => ({
    key: counterKey(userId, calendar[window].id),
    limit: most,
    expiresAt: calendar[window].endsAt + historyMs,
    policy: `${userId === null ? 'org' : 'user'}-${window}`,
    scope: userId === null ? 'organization' : 'user',
    window,
    calendar: calendar[window],
  });
  return [build('day', limit.daily), build('month', limit.monthly)];
}

/** A member's day and month. */
export function userWindows(
  userId: string,
  limit: UsageLimit,
  calendar: CalendarWindows,
): readonly [PolicyWindow, PolicyWindow] {
  return dayAndMonth(userId, limit, calendar);
}

/** The organization's day and month, limited by its allocation. */
export function organizationWindows(
  organization: Pick<Organization, 'allocation'>,
  calendar: CalendarWindows,
): readonly [PolicyWindow, PolicyWindow] {
  return dayAndMonth(null, organization.allocation, calendar);
}
