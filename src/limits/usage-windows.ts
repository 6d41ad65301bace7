import type { Organization } from '../model/organization.ts';
import type { PolicyName } from '../model/usage-decision.ts';
import type { UsageLimit } from '../model/usage-limit.ts';
import type { CalendarWindow, WindowEnd } from './calendar.ts';
import { type Counter, counterKey, historyMs } from './counters.ts';

/** A counter with the policy it enforces. */
export interface PolicyWindow<Window extends WindowEnd = CalendarWindow> extends Counter {
  readonly policy: PolicyName;
  readonly scope: 'user' | 'organization';
  readonly window: 'day' | 'month';
  readonly calendar: Window;
}

/** The day and the month of a charge. */
interface DayAndMonth<Window> {
  readonly day: Window;
  readonly month: Window;
}

function dayAndMonth<Window extends WindowEnd>(
  userId: string | null,
  limit: UsageLimit,
  calendar: DayAndMonth<Window>,
): readonly [PolicyWindow<Window>, PolicyWindow<Window>] {
  const build = (window: 'day' | 'month', most: number | null): PolicyWindow<Window> => ({
    key: counterKey(userId, calendar[window].id),
    limit: most,
    keepMs: historyMs,
    policy: `${userId === null ? 'org' : 'user'}-${window}`,
    scope: userId === null ? 'organization' : 'user',
    window,
    calendar: calendar[window],
  });
  return [build('day', limit.daily), build('month', limit.monthly)];
}

/** A member's day and month. */
export function userWindows<Window extends WindowEnd>(
  userId: string,
  limit: UsageLimit,
  calendar: DayAndMonth<Window>,
): readonly [PolicyWindow<Window>, PolicyWindow<Window>] {
  return dayAndMonth(userId, limit, calendar);
}

/** The organization's day and month, limited by its allocation. */
export function organizationWindows<Window extends WindowEnd>(
  organization: Pick<Organization, 'allocation'>,
  calendar: DayAndMonth<Window>,
): readonly [PolicyWindow<Window>, PolicyWindow<Window>] {
  return dayAndMonth(null, organization.allocation, calendar);
}
