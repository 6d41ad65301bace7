import { type RawBuilder, sql } from 'kysely';

/** The smallest and the greatest value of a column. */
export type Range = readonly [min: number, max: number];

/** Counts, from 0 on. Greater numbers are skipped by JavaScript, and node:sqlite refuses to read them. */
export const counts: Range = [0, Number.MAX_SAFE_INTEGER];

/** Epoch milliseconds that a `Date` can hold, without the time before 1970. */
export const times: Range = [0, 8.64e15];

/** The condition of a CHECK: each of the columns is in the range, or NULL. */
export function inRange(columns: readonly string[], [min, max]: Range): RawBuilder<boolean> {
  const conditions = columns.map(
    (column) => sql`${sql.ref(column)} between ${sql.lit(min)} and ${sql.lit(max)}`,
  );
  return sql`${sql.join(conditions, sql` and `)}`;
}
