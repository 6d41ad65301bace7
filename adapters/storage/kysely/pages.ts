import { type Expression, type Kysely, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { MemberListQuery } from '../../../src/index.ts';
import type { Session } from './session.ts';
import type { Tables } from './tables.ts';

/** What a count comes back as. */
export type Total = number | string | bigint | null;

type PageQuery = Pick<MemberListQuery, 'order' | 'limit' | 'after'>;

/** The columns that a list is sorted by, ties by the second one. */
interface ListKey {
  readonly value: string;
  readonly id: string;
}

/** One page in the order of the key, after the position that was seen last. */
export function byKey({ engine }: Session, query: PageQuery, key: ListKey) {
  const [value, id] = [sql.ref(key.value), sql.ref(key.id)];
  return <DB, From extends keyof DB, Row>(select: SelectQueryBuilder<DB, From, Row>) => {
    const page = select.orderBy(value, query.order).orderBy(id, query.order).limit(query.limit);
    return query.after ? page.where(isBeyond(query.after)) : page;
  };

  function isBeyond([seen, seenId]: NonNullable<PageQuery['after']>) {
    const beyond = sql.raw(query.order === 'asc' ? '>' : '<');
    return engine.needsIndexHints
      ? sql<SqlBool>`(${value} ${beyond} ${seen} or (${value} = ${seen} and ${id} ${beyond} ${seenId}))`
      : sql<SqlBool>`(${value}, ${id}) ${beyond} (${seen}, ${seenId})`;
  }
}

interface Merging {
  readonly count: Expression<{ readonly total: Total }>;
  readonly query: PageQuery;
  readonly key: ListKey;
}

/**
 * The first rows of several pages, with the total. Each page comes in order from its part of the
 * index, so that only they are sorted and not the whole organization.
 */
export async function mergePages<Row>(
  db: Kysely<Tables>,
  pages: readonly Expression<Row>[],
  { count, query, key }: Merging,
): Promise<readonly (Row & { readonly total: Total })[]> {
  const parts = pages.map((page) => sql`select * from (${page}) as part`);
  const order = sql.raw(query.order);
  const { rows } = await sql<Row & { readonly total: Total }>`
    select page.*, (${count}) as total from (${sql.join(parts, sql` union all `)}) as page
    order by ${sql.ref(key.value)} ${order}, ${sql.ref(key.id)} ${order} limit ${query.limit}
  `.execute(db);
  return rows;
}
