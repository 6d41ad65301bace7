import type { WindowUsage } from './usage-decision.ts';

/** What `record` counted. */
export interface RecordedUsage {
  /** The units that were counted; below 0 when they were taken back, 0 when there were none left. */
  readonly units: number;
  /** The organization's IANA time zone. */
  readonly timeZone: string;
  /** The windows that were counted in, as they stand now. */
  readonly windows: readonly WindowUsage[];
  /** Present when the idempotency key was used before: `units` is of that first call. */
  readonly replayed?: true;
}
