import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Tables } from './tables.ts';

/** A count as drivers return it. */
export type Counted = number | string | bigint | null;

/** A row that carries how many rows there are. */
export interface WithTotal {
  readonly total: Counted;
}

/**
 * The most matching rows that are sorted to find a page among them. Where there are more, the index in the
 * order of the list usually meets a page of them soon.
 */
export const maxSorted = 1000;

/** Selects the matching rows that may be sorted and one more, each with their number. */
export function selectSortable<DB, From extends keyof DB, Row>(
  matching: SelectQueryBuilder<DB, From, Row>,
): RawBuilder<Row & WithTotal> {
  const first = matching.limit(sql.lit(maxSorted + 1));
  return sql`(select matching.*, count(*) over () as total from (${first}) as matching)`;
}

/** Selects the number of rows. */
export function countRows<DB, From extends keyof DB>(
  db: Kysely<Tables>,
  rows: SelectQueryBuilder<DB, From, object>,
) {
  const one = rows.select(sql.lit(1).as('one'));
  return db.selectFrom(one.as('counted')).select(({ fn }) => fn.countAll().as('total'));
}
