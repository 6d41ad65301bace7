import {
  type Compilable,
  type Expression,
  type Kysely,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely';
import type { MemberListQuery } from '../../../src/index.ts';
import type { Given } from '../../sql/statement.ts';
import type { ParameterType } from '../../sql/typed.ts';
import type { SqlSession } from './session.ts';
import type { Tables } from './tables.ts';
import type { WithTotal } from './totals.ts';

/** The parameters of a page. */
export interface PageValues {
  readonly limit: number;
  /** The sort value of the last row of the page before. */
  readonly seen: string | number | undefined;
  readonly seenId: string | undefined;
}

/** What the SQL text of a page depends on. */
export interface PageForm extends Pick<MemberListQuery, 'order'> {
  readonly isLater: boolean;
}

/** The columns that a list is sorted by, ties by the second one. */
interface ListKey {
  readonly value: string;
  readonly type: ParameterType;
  readonly id: string;
}

interface KeyedPage extends PageForm {
  readonly key: ListKey;
  /** A condition that names no column. Where it does not hold, the page is empty and reads nothing. */
  readonly onlyIf?: Expression<SqlBool> | undefined;
}

/** Selects one page in the order of the key, after the last row of the page before. */
export function byKey<Values extends PageValues>(
  { engine }: SqlSession,
  given: Given<Values>,
  { order, isLater, key, onlyIf }: KeyedPage,
) {
  const [value, id] = [sql.ref(key.value), sql.ref(key.id)];
  const limit = given.typed('limit', 'bigint');
  return <DB, From extends keyof DB, Row>(select: SelectQueryBuilder<DB, From, Row>) => {
    const sorted = select.orderBy(value, order).orderBy(id, order);
    const page = isLater ? sorted.where(isBeyond()) : sorted;
    if (!onlyIf) return page.limit(limit);
    return engine.checksOnce
      ? page.where(onlyIf).limit(limit)
      : page.limit(sql<number>`case when ${onlyIf} then ${limit} else 0 end`);
  };

  function isBeyond() {
    const seen = given.typed('seen', key.type);
    const seenId = given.typed('seenId', 'text');
    const beyond = sql.raw(order === 'asc' ? '>' : '<');
    return engine.seeksByRow
      ? sql<SqlBool>`(${value}, ${id}) ${beyond} (${seen}, ${seenId})`
      : sql<SqlBool>`(${value} ${beyond} ${seen} or (${value} = ${seen} and ${id} ${beyond} ${seenId}))`;
  }
}

interface Merging {
  readonly count: Expression<WithTotal>;
  readonly limit: Expression<number>;
  readonly order: PageForm['order'];
  readonly key: ListKey;
}

/**
 * Selects the first rows of several pages, with the total. Each page comes in order from its part of the
 * index, so that only these rows are sorted and not the whole organization.
 */
export function mergePages<Row>(
  db: Kysely<Tables>,
  pages: readonly Expression<Row>[],
  { count, limit, order, key }: Merging,
): Compilable<Row & WithTotal> {
  const parts = pages.map((page) => sql`select * from (${page}) as part`);
  const way = sql.raw(order);
  const sorted = sql`order by ${sql.ref(key.value)} ${way}, ${sql.ref(key.id)} ${way}`;
  // Without the inner limit SQLite would move the count into each part, and count as often.
  const merged = sql<Row & WithTotal>`
    select page.*, (${count}) as total from (
      select * from (${sql.join(parts, sql` union all `)}) as part ${sorted} limit ${limit}
    ) as page ${sorted}
  `;
  return { compile: () => merged.compile(db) };
}
