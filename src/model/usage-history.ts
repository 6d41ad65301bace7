/** What was used on one day. */
export interface DayUsage {
  /** The local date: `2026-10-25`. */
  readonly date: string;
  /** All units of the day: the very counter that the daily limit uses. */
  readonly used: number;
  /** Units by activity, one entry per configured activity; they add up to `used`. */
  readonly activities: readonly {
    /** One of the configured activities. */
    readonly activity: string;
    /** Its units on that day. */
    readonly used: number;
  }[];
}

/** Usage day by day, for one member or for the whole organization. */
export interface UsageHistory {
  /** The IANA time zone in which its days begin. */
  readonly timeZone: string;
  /** Every day that was asked for, the earliest first. */
  readonly days: readonly DayUsage[];
}
