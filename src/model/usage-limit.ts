/**
 * How many units may be consumed in a window. `null` = no limit, `0` = blocks all.
 * Units are integers from 0 to 2^53 - 1.
 */
export type Units = number | null;

/** A daily and a monthly limit, counted over all activities together. */
export interface UsageLimit {
  /** Units per calendar day. */
  readonly daily: Units;
  /** Units per calendar month. */
  readonly monthly: Units;
}

/** The limit of someone who may use as much as the organization's allocation gives. */
export const noLimit: UsageLimit = Object.freeze({ daily: null, monthly: null });
