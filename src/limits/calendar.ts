import { ownFields } from '../access/own-fields.ts';
import type { Organization } from '../model/organization.ts';
import type { ZoneChange } from '../model/zone-change.ts';
import { type DateOf, dateAcrossChange } from './date-across-change.ts';

/** A calendar day or month in a time zone. */
export interface CalendarWindow {
  /** The local date that names it: `2026-10-25` or `2026-10`. */
  readonly id: string;
  /** First instant, epoch milliseconds. */
  readonly startsAt: number;
  /** First instant of the next one, epoch milliseconds. */
  readonly endsAt: number;
}

/** What a counter needs to know of its window. */
export type WindowEnd = Pick<CalendarWindow, 'id' | 'endsAt'>;

/** The day and the month that an instant falls into. */
export interface CalendarWindows {
  readonly day: CalendarWindow;
  readonly month: CalendarWindow;
}

/** Finds the windows of an instant in an organization's time zone. */
export type Calendar = (zone: Zone, now: number) => CalendarWindows;

/** A time zone, and what its last change left to go on. */
type Zone = Pick<Organization, 'timeZone' | 'zoneChange'>;

const hourMs = 60 * 60 * 1000;
// Longer than any day, and than any month, whatever the clocks do in it and whoever changes the zone.
const dayReachMs = 72 * hourMs;
const monthReachMs = 33 * 24 * hourMs;

/**
 * Creates a calendar that remembers each zone's windows until they end, so that almost every call is
 * two comparisons. A day is what has one local date: it may last 23, 24.5 or 25 hours and begin at
 * 01:00. No timer runs: a window is over when an instant has another date.
 */
export function createCalendar(): Calendar {
  const zones = new Map<string, ZoneCalendar>();
  const changes = createChangedZones();
  return ({ timeZone, zoneChange }, now) => {
    if (zoneChange && now < zoneChange.monthEndsAt + monthReachMs) {
      return changes({ timeZone, zoneChange })(now);
    }
    let zone = zones.get(timeZone);
    if (!zone) {
      zone = zoneCalendar(localDate(timeZone));
      zones.set(timeZone, zone);
    }
    return zone(now);
  };
}

// Each change of a zone has a calendar of its own, until the month after it has ended.
const mostChanges = 1000;

function createChangedZones() {
  const calendars = new Map<string, ZoneCalendar>();
  return ({ timeZone, zoneChange }: Zone & { zoneChange: ZoneChange }): ZoneCalendar => {
    const key = [timeZone, ...Object.values(zoneChange)].join(' ');
    const known = calendars.get(key);
    if (known) return known;
    const dates = { before: localDate(zoneChange.from), after: localDate(timeZone) };
    const calendar = zoneCalendar(dateAcrossChange(zoneChange, dates));
    if (calendars.size >= mostChanges) calendars.clear();
    calendars.set(key, calendar);
    return calendar;
  };
}

type ZoneCalendar = (now: number) => CalendarWindows;

function zoneCalendar(dateOf: DateOf): ZoneCalendar {
  const monthOf = (instant: number) => dateOf(instant).slice(0, 7);
  let current: CalendarWindows | undefined;
  let other: CalendarWindows | undefined;
  return (now) => {
    if (isIn(current, now)) return current;
    // Usage of another day is counted in between without finding this one again each time.
    const found = isIn(other, now)
      ? other
      : {
          day: windowAround(now, dateOf, dayReachMs),
          month: windowAround(now, monthOf, monthReachMs),
        };
    other = current;
    current = found;
    return found;
  };
}

const isIn = (windows: CalendarWindows | undefined, now: number): windows is CalendarWindows =>
  windows !== undefined && now >= windows.day.startsAt && now < windows.day.endsAt;

function localDate(timeZone: string): DateOf {
  // Intl reads options with what they inherit.
  const own = ownFields<Intl.DateTimeFormatOptions>(
    {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    },
    [],
  );
  const format = new Intl.DateTimeFormat('en-CA', own);
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
  };
}

function windowAround(
  now: number,
  idOf: (instant: number) => string,
  reachMs: number,
): CalendarWindow {
  const id = idOf(now);
  const inside = (instant: number) => idOf(instant) === id;
  return {
    id,
    startsAt: firstWhere(now - reachMs, now, inside),
    endsAt: firstWhere(now, now + reachMs, (instant) => !inside(instant)),
  };
}

/** First instant in (from, to] at which `holds`; it must not hold at `from` and must at `to`. */
function firstWhere(from: number, to: number, holds: (instant: number) => boolean): number {
  let before = from;
  let after = to;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return after;
}
