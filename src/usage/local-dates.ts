const dayMs = 24 * 60 * 60 * 1000;
const pattern = /^\d{4}-\d{2}-\d{2}$/;

// A date's number in UTC, where every day has 24 hours.
const numberOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / dayMs;
const dateOf = (number: number) => new Date(number * dayMs).toISOString().slice(0, 10);

/** Whether a text is a date of the calendar, such as `2026-10-25`. */
export function isLocalDate(text: string): boolean {
  const number = pattern.test(text) ? numberOf(text) : Number.NaN;
  return !Number.isNaN(number) && dateOf(number) === text;
}

/** The date so many days later, or earlier. */
export const addDays = (date: string, days: number): string => dateOf(numberOf(date) + days);

/** How many days lie from one date to another. */
export const daysBetween = (from: string, to: string): number => numberOf(to) - numberOf(from);

/** The dates from one to another, both included. */
export const datesFrom = (from: string, to: string): readonly string[] =>
  Array.from({ length: daysBetween(from, to) + 1 }, (_, days) => addDays(from, days));
