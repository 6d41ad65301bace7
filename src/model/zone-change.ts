/**
 * An organization's last change of its time zone. The day and the month that it came in go on until they
 * end; what follows is of the new zone.
 */
export interface ZoneChange {
  /** The IANA zone before. */
  readonly from: string;
  /** When it was made, epoch milliseconds. */
  readonly at: number;
  /** The local date of the day that it came in. */
  readonly date: string;
  /** When that day ends in the zone before, epoch milliseconds. */
  readonly dayEndsAt: number;
  /** When its month does. */
  readonly monthEndsAt: number;
}
