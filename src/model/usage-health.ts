import type { LimitCounts } from './limit-counts.ts';

/** What a warning of `usageHealth` is about. */
export type UsageWarningCode =
  | 'no_individual_limits'
  | 'members_without_limit'
  | 'members_blocked'
  | 'limit_above_allocation'
  | 'daily_above_monthly'
  | 'no_allocation'
  | 'allocation_blocks'
  | 'allocation_daily_above_monthly'
  | 'counters_unavailable'
  | 'usage_uncounted';

/** Something about an organization's limits that somebody should look at. */
export interface UsageWarning {
  /** Stable. */
  readonly code: UsageWarningCode;
  /** What it means, in a sentence for an admin; no names and no addresses. */
  readonly message: string;
  /** How many active members it concerns; absent when it is about the organization. */
  readonly members?: number;
}

/** Whether an organization's usage is limited as it seems to be, and counted. */
export interface UsageHealth {
  /** How its active members are limited. */
  readonly limits: LimitCounts;
  /** What to look at, the weightiest first; empty = nothing. */
  readonly warnings: readonly UsageWarning[];
}
