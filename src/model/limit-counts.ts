/** How an organization limits its active members: how many of them there are of each kind. */
export interface LimitCounts {
  /** Active members. */
  readonly members: number;
  /** Those with neither a daily nor a monthly limit. */
  readonly withoutLimit: number;
  /** Those with a limit of 0. */
  readonly blocked: number;
  /** Those with a limit above the organization's own for the same window. */
  readonly aboveAllocation: number;
  /** Those whose daily limit is above their monthly one. */
  readonly dailyAboveMonthly: number;
}
