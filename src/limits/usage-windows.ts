import type { Organization } from '../model/organization.ts';
import type { PolicyName } from '../model/usage-decision.ts';
import type { UsageLimit } from '../model/usage-limit.ts';
import type { UsageWindow } from '../ports/rate-limit-store.ts';
import type { CalendarWindow, CalendarWindows } from './calendar.ts';

/** A counter with the policy it enforces. */
export interface PolicyWindow extends UsageWindow {
  readonly policy: PolicyName;
  readonly scope: 'user' | 'organization';
  readonly window: 'day' | 'month';
  readonly calendar: CalendarWindow;
}

const dayMs = 24 * 60 * 60 * 1000;
// Kept for the Usage tab's history, a year and a month.
const historyMs = 400 * dayMs;

// Escaped, so that no user id can name another one's counter.
const userPrefix = (userId: string) => `u/${encodeURIComponent(userId)}`;
const organizationPrefix = 'o';

function dayAndMonth(
  prefix: string,
  scope: PolicyWindow['scope'],
  { limit, calendar }: { readonly limit: UsageLimit; readonly calendar: CalendarWindows },
): readonly [PolicyWindow, PolicyWindow] {
  const build = (window: PolicyWindow['window'], most: number | null): PolicyWindow => ({
    key: `${prefix}/${calendar[window].id}`,
    limit: most,
    expiresAt: calendar[window].endsAt + historyMs,
    policy: `${scope === 'user' ? 'user' : 'org'}-${window}`,
    scope,
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
  return dayAndMonth(userPrefix(userId), 'user', { limit, calendar });
}

/** The organization's day and month, limited by its allocation. */
export function organizationWindows(
  organization: Pick<Organization, 'allocation'>,
  calendar: CalendarWindows,
): readonly [PolicyWindow, PolicyWindow] {
  const limit = organization.allocation;
  return dayAndMonth(organizationPrefix, 'organization', { limit, calendar });
}

/** The key that counts one activity on one day, for a member or (`null`) the organization. */
export function activityKey(userId: string | null, dayId: string, activity: string): string {
  const prefix = userId === null ? organizationPrefix : userPrefix(userId);
  return `${prefix}/${dayId}/${activity}`;
}

/** The counters that only count: the activity's share of the day, for member and organization. */
export function activityWindows(
  userId: string,
  day: CalendarWindow,
  activity: string,
): readonly UsageWindow[] {
  return [userId, null].map((subject) => ({
    key: activityKey(subject, day.id, activity),
    limit: null,
    expiresAt: day.endsAt + historyMs,
  }));
}
