import type { Organization } from '../model/organization.ts';
import type { PolicyName } from '../model/usage-decision.ts';
import type { UsageLimit } from '../model/usage-limit.ts';
import type { UsageWindow } from '../ports/rate-limit-store.ts';
import type { CalendarWindow, CalendarWindows } from './calendar.ts';

/** A counter that a charge of any cost may touch. */
type Counter = Omit<UsageWindow, 'cost'>;

/** A counter with the policy it enforces. */
export interface PolicyWindow extends Counter {
  readonly policy: PolicyName;
  readonly scope: 'user' | 'organization';
  readonly window: 'day' | 'month';
  readonly calendar: CalendarWindow;
}

const dayMs = 24 * 60 * 60 * 1000;
// Kept for the Usage tab's history, a year and a month.
const historyMs = 400 * dayMs;

/**
 * The key of a counter: of a member or (`null`) the organization, in a day or month, over one
 * activity or all. The user id comes last and the other parts hold no slash, so that no id can name
 * another one's counter, and none has to be escaped, which could make a key longer than allowed.
 */
export function counterKey(userId: string | null, windowId: string, activity = ''): string {
  return userId === null ? `o/${windowId}/${activity}` : `u/${windowId}/${activity}/${userId}`;
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

/** The counters that only count: the activity's share of the day, for member and organization. */
export function activityWindows(
  userId: string,
  day: CalendarWindow,
  activity: string,
): readonly Counter[] {
  return [userId, null].map((subject) => ({
    key: counterKey(subject, day.id, activity),
    limit: null,
    expiresAt: day.endsAt + historyMs,
  }));
}
