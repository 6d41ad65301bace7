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
import type { SqlSession } from './session.ts';
import type { Tables } from './tables.ts';

/** What a count comes back as. */
export type Counted = number | string | bigint | null;

/** A row that carries how many rows there are. */
export interface WithTotal {
  readonly total: Counted;
}

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
export interface ListKey {
  readonly value: string;
  readonly id: string;
}

/** One page in the order of the key, after the position that was seen last. */
export function byKey<Values extends PageValues>(
  { engine }: SqlSession,
  given: Given<Values>,
  { order, isLater, key }: PageForm & { readonly key: ListKey },
) {
  const [value, id] = [sql.ref(key.value), sql.ref(key.id)];
  return <DB, From extends keyof DB, Row>(select: SelectQueryBuilder<DB, From, Row>) => {
    const page = select.orderBy(value, order).orderBy(id, order).limit(given.one('limit'));
    return isLater ? page.where(isBeyond()) : page;
  };

  function isBeyond() {
    const [seen, seenId] = [given.one('seen'), given.one('seenId')];
    const beyond = sql.raw(order === 'asc' ? '>' : '<');
    return engine.needsIndexHints
      ? sql<SqlBool>`(${value} ${beyond} ${seen} or (${value} = ${seen} and ${id} ${beyond} ${seenId}))`
      : sql<SqlBool>`(${value}, ${id}) ${beyond} (${seen}, ${seenId})`;
  }
}

/**
 * How many rows are sorted to find a page among them. An index in another order that leads to these rows
 * alone is the better one up to here; above, the index in the order of the list meets them soon enough.
 */
export const few = 1000;

/** One page of the first few matching rows, each with how many these are: one more than a few at most. */
export function pageOfFew<DB, From extends keyof DB, Row, Values extends PageValues>(
  session: SqlSession,
  given: Given<Values>,
  matching: SelectQueryBuilder<DB, From, Row>,
  form: PageForm & { readonly key: ListKey },
) {
  const first = matching.limit(sql.lit(few + 1));
  const counted = sql<Row & WithTotal>`(
    select few.*, count(*) over () as total from (${first}) as few
  )`;
  return session.db
    .selectFrom(counted.as('page'))
    .selectAll()
    .$call(byKey(session, given, form));
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
  const merged = sql<Row & WithTotal>`
    select page.*, (${count}) as total from (${sql.join(parts, sql` union all `)}) as page
    order by ${sql.ref(key.value)} ${way}, ${sql.ref(key.id)} ${way} limit ${limit}
  `;
  return { compile: () => merged.compile(db) };
}
