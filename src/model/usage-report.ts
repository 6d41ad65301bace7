import type { CurrentUsage } from './member-view.ts';
import type { WindowUsage } from './usage-decision.ts';

/** What one activity consumed. */
export interface ActivityUsage extends CurrentUsage {
  /** One of the configured activities. */
  readonly activity: string;
}

/** The Usage tab's figures, for one member or for the whole organization. */
export interface UsageReport {
  /** The IANA time zone in which its days and months begin. */
  readonly timeZone: string;
  /** The day and the month with their limits: the very counters that the limits use. */
  readonly windows: readonly WindowUsage[];
  /** One row per configured activity. */
  readonly activities: readonly ActivityUsage[];
}
