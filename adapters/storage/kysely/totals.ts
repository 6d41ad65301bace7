import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Tables } from './tables.ts';

/** What a count comes back as. */
export type Counted = number | string | bigint | null;

/** A row that carries how many rows there are. */
export interface WithTotal {
  readonly total: Counted;
}

/**
 * At most so many matching rows are sorted to find a page among them. Where there are more, the index in
 * the order of the list meets a page of them soon enough.
 */
export const maxSorted = 1000;

/** The matching rows that may be sorted, and one more, each with how many these are. */
export function selectSortable<DB, From extends keyof DB, Row>(
  matching: SelectQueryBuilder<DB, From, Row>,
): RawBuilder<Row & WithTotal> {
  const first = matching.limit(sql.lit(maxSorted + 1));
  return sql`(select matching.*, count(*) over () as total from (${first}) as matching)`;
}

/** Selects how many rows there are. */
export function countRows<DB, From extends keyof DB>(
  db: Kysely<Tables>,
  rows: SelectQueryBuilder<DB, From, object>,
) {
  const one = rows.select(sql.lit(1).as('one'));
  return db.selectFrom(one.as('counted')).select(({ fn }) => fn.countAll().as('total'));
}
