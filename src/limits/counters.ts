import type { UsageWindow } from '../ports/rate-limit-store.ts';
import type { WindowEnd } from './calendar.ts';

/** A counter that a charge of any cost may touch. */
export type Counter = Omit<UsageWindow, 'cost'>;

const dayMs = 24 * 60 * 60 * 1000;
/**
 * How long counters are kept, for the Usage tab: their window, of a month at most, and then a year and a
 * month.
 */
export const historyMs = (32 + 400) * dayMs;

/**
 * The key of a counter: of a member or (`null`) the organization, in a day or month, over one
 * activity or all. The user id comes last and the other parts hold no slash, so that no id can name
 * another one's counter, and none has to be escaped, which could make a key longer than allowed.
 */
export function counterKey(userId: string | null, windowId: string, activity = ''): string {
  return userId === null ? `o/${windowId}/${activity}` : `u/${windowId}/${activity}/${userId}`;
}

/** The counters that only count: the activity's share of the day, for member and organization. */
export function activityWindows(
  userId: string,
  day: WindowEnd,
  activity: string,
): readonly [Counter, Counter] {
  const share = (subject: string | null) => ({
    key: counterKey(subject, day.id, activity),
    limit: null,
    keepMs: historyMs,
  });
  return [share(userId), share(null)];
}

/**
 * The counter of what was given back of a member's activity on a day. Nothing is below 0 as long as
 * no more is given back than was added.
 */
export function givenBackWindow(userId: string, day: WindowEnd, activity: string): Counter {
  return {
    key: `b/${day.id}/${activity}/${userId}`,
    limit: null,
    keepMs: historyMs,
  };
}
