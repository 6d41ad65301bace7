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

/** What a count comes back as. */
export type Total = number | string | bigint | null;

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

/** One page in the order of the key, after the position that was seen last. */
export function byKey<Values extends PageValues>(
  { engine }: SqlSession,
  given: Given<Values>,
  { order, isLater, key }: PageForm & { readonly key: ListKey },
) {
  const [value, id] = [sql.ref(key.value), sql.ref(key.id)];
  return <DB, From extends keyof DB, Row>(select: SelectQueryBuilder<DB, From, Row>) => {
    const page = select
      .orderBy(value, order)
      .orderBy(id, order)
      .limit(given.typed('limit', 'bigint'));
    return isLater ? page.where(isBeyond()) : page;
  };

  function isBeyond() {
    const seen = given.typed('seen', key.type);
    const seenId = given.typed('seenId', 'text');
    const beyond = sql.raw(order === 'asc' ? '>' : '<');
    return engine.needsIndexHints
      ? sql<SqlBool>`(${value} ${beyond} ${seen} or (${value} = ${seen} and ${id} ${beyond} ${seenId}))`
      : sql<SqlBool>`(${value}, ${id}) ${beyond} (${seen}, ${seenId})`;
  }
}

interface Merging {
  readonly count: Expression<{ readonly total: Total }>;
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
): Compilable<Row & { readonly total: Total }> {
  const parts = pages.map((page) => sql`select * from (${page}) as part`);
  const way = sql.raw(order);
  const merged = sql<Row & { readonly total: Total }>`
    select page.*, (${count}) as total from (${sql.join(parts, sql` union all `)}) as page
    order by ${sql.ref(key.value)} ${way}, ${sql.ref(key.id)} ${way} limit ${limit}
  `;
  return { compile: () => merged.compile(db) };
}
