import { type Expression, type SqlBool, sql } from 'kysely';
import type { InvitationListQuery, MemberListQuery, Slice } from '../../../src/index.ts';
import type { PageForm, PageValues, Total } from './pages.ts';

type ListQuery = MemberListQuery | InvitationListQuery;

/** The parameters of a list. */
export interface ListValues extends PageValues, Pick<ListQuery, 'orgId' | 'role' | 'now'> {
  readonly pattern: string | undefined;
}

/** What the text of a list depends on. */
export interface ListForm<Query extends ListQuery>
  extends PageForm,
    Pick<Query, 'status' | 'sort'> {
  readonly hasRole: boolean;
  readonly isSearch: boolean;
}

/** Takes a query apart. */
export function divideQuery<Query extends ListQuery>(query: Query): [ListValues, ListForm<Query>] {
  const { orgId, status, role, search, sort, order, limit, after, now } = query;
  const [seen, seenId] = after ?? [];
  return [
    { orgId, role, pattern: search && patternOf(search), limit, seen, seenId, now },
    { status, sort, order, hasRole: role !== undefined, isSearch: !!search, isLater: !!after },
  ];
}

/** Letter case is ignored as far as the engine knows it. Addresses are in lower case already. */
export function contains(
  column: Expression<string | null>,
  pattern: Expression<string>,
): Expression<SqlBool> {
  return sql<SqlBool>`lower(${column}) like lower(${pattern}) escape '!'`;
}

// `%` and `_` mean themselves. Not the backslash: MySQL takes one as an escape in the literal itself.
const patternOf = (search: string) => `%${search.replace(/[!%_]/g, '!$&')}%`;

type Counted = Promise<{ readonly rows: readonly { readonly total: Total }[] }>;

/** A page with its total: every row carries it. A later page without rows has to ask. */
export async function toSlice<Row extends { readonly total: Total }, Item>(
  rows: readonly Row[],
  toItem: (row: Row) => Item,
  count: false | (() => Counted),
): Promise<Slice<Item>> {
  const [{ total } = { total: 0 }] = rows.length > 0 || !count ? rows : (await count()).rows;
  return { rows: rows.map(toItem), total: Number(total) };
}
