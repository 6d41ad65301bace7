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

/** What a page's parameters are. */
export interface PageValues {
  readonly limit: number;
  /** The position that was seen last. */
  readonly seen: string | number | undefined;
  readonly seenId: string | undefined;
}

/** What a page's text depends on. */
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
  /** Names no column. Where it does not hold, the page is empty and nothing is read for it. */
  readonly onlyIf?: Expression<SqlBool> | undefined;
}

/** One page in the order of the key, after the position that was seen last. */
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
 * The first rows of several pages, with the total. Each page comes in order from its part of the
 * index, so that only they are sorted and not the whole organization.
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
