import type { ZoneChange } from '../model/zone-change.ts';

/** The local date of an instant, such as `2026-10-25`. */
export type DateOf = (instant: number) => string;

/** The dates in the zones before and after a change. */
export interface ZoneDates {
  readonly before: DateOf;
  readonly after: DateOf;
}

/**
 * The date of an instant where the time zone was changed. The day that the change came in goes on until
 * it has ended in both zones, and its month until it has ended in the zone before; so its last day may
 * take longer. Dates never go back, so no date has two allowances, and a month holds whole days.
 */
export function dateAcrossChange(change: ZoneChange, { before, after }: ZoneDates): DateOf {
  const { at, date, dayEndsAt, monthEndsAt } = change;
  const last = lastDateOfMonth(date);
  return (instant) => {
    if (instant < at) return earlier(before(instant), date);
    if (instant < dayEndsAt) return date;
    const now = later(after(instant), date);
    return instant < monthEndsAt ? earlier(now, last) : now;
  };
}

const earlier = (a: string, b: string) => (a < b ? a : b);
const later = (a: string, b: string) => (a > b ? a : b);

function lastDateOfMonth(date: string): string {
  const [year, month] = date.split('-').map(Number);
  // Day 0 is the one before the first of the next month.
  return new Date(Date.UTC(year ?? 0, month ?? 0, 0)).toISOString().slice(0, 10);
}
