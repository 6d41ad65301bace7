import type { PolicyName, WindowUsage } from './usage-decision.ts';
import type { UsageLimit } from './usage-limit.ts';

/** What limits would mean if they were set now. Nothing was written. */
export interface LimitPreview {
  /** The limits that would hold; what the call left out is as it is now. */
  readonly limit: UsageLimit;
  /** The organization's IANA time zone. */
  readonly timeZone: string;
  /** Where the day and the month would stand under them. */
  readonly windows: readonly WindowUsage[];
  /** Those of the windows that would refuse every charge; empty = nobody would be blocked. */
  readonly blocking: readonly PolicyName[];
  /** When all of those have reset; `null` when nothing blocks, or when waiting cannot help: a limit of 0. */
  readonly blockedUntil: Date | null;
  /** How many active members would be blocked: the one in question, or the whole organization. */
  readonly blockedMembers: number;
}
