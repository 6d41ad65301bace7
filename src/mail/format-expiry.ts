import { ownFields } from '../access/own-fields.ts';

/**
 * An instant as a person reads it, in the time zone given and with that zone's name, such as
 * `Friday 28 November 2025 at 18:36 (Europe/Berlin)`. The month is a word and the clock has 24
 * hours, so that it reads the same everywhere.
 *
 * @param at epoch milliseconds
 * @param timeZone IANA name; an unknown one throws a `RangeError`
 */
export function formatExpiry(at: number, timeZone: string): string {
  // Intl reads options with what they inherit.
  const own = ownFields<Intl.DateTimeFormatOptions>(
    {
      dateStyle: 'full',
      timeStyle: 'short',
      timeZone,
    },
    [],
  );
  const format = new Intl.DateTimeFormat('en-GB', own);
  return `${format.format(at)} (${timeZone})`;
}
