import { ownFields } from '../access/own-fields.ts';

/** An instant as the clocks of a time zone show it. */
export interface LocalTime {
  /** Such as `2026-10-26`. */
  readonly date: string;
  /** Such as `00:00`. */
  readonly time: string;
  /** ISO 8601 with the zone's offset at that instant, such as `2026-10-26T00:00:00+01:00`. */
  readonly iso: string;
}

/** Finds the local time of an instant, in epoch milliseconds, in an IANA time zone. */
export type LocalTimes = (instant: number, timeZone: string) => LocalTime;

const mostRemembered = 1000;

/**
 * Creates a look-up that remembers: a formatter costs a hundred microseconds, and all refusals of a
 * day name the same few resets.
 */
export function createLocalTimes(): LocalTimes {
  const zones = new Map<string, Map<number, LocalTime>>();
  let remembered = 0;

  function remember(instant: number, timeZone: string): LocalTime {
    if (remembered >= mostRemembered) {
      zones.clear();
      remembered = 0;
    }
    const local = localTime(instant, timeZone);
    const zone = zones.get(timeZone) ?? new Map<number, LocalTime>();
    zones.set(timeZone, zone.set(instant, local));
    remembered += 1;
    return local;
  }

  return (instant, timeZone) => zones.get(timeZone)?.get(instant) ?? remember(instant, timeZone);
}

function localTime(instant: number, timeZone: string): LocalTime {
  // Intl reads options with what they inherit.
  const own = ownFields<Intl.DateTimeFormatOptions>(
    {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    },
    [],
  );
  const format = new Intl.DateTimeFormat('en-CA', own);
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const date = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
  const time = `${parts.get('hour')}:${parts.get('minute')}`;
  // `GMT+01:00`, and bare `GMT` where there is no offset.
  const offset = parts.get('timeZoneName')?.slice('GMT'.length) || '+00:00';
  return { date, time, iso: `${date}T${time}:${parts.get('second')}${offset}` };
}
