import type { WindowUsage } from '../model/usage-decision.ts';
import type { PolicyWindow } from './usage-windows.ts';

/** What a window looks like to people once its counter is known. */
export function toWindowUsage(window: PolicyWindow, used: number): WindowUsage {
  const { policy, scope, limit, calendar } = window;
  return {
    policy,
    scope,
    window: window.window,
    limit,
    used,
    remaining: limit === null ? null : Math.max(0, limit - used),
    startsAt: new Date(calendar.startsAt),
    resetsAt: new Date(calendar.endsAt),
  };
}
