import { type Expression, type SqlBool, sql } from 'kysely';
import type { InvitationListQuery, MemberListQuery } from '../../../src/index.ts';
import type { PageForm, PageValues } from './pages.ts';

type ListQuery = MemberListQuery | InvitationListQuery;

/** The parameters of a list. */
export interface ListValues extends PageValues, Pick<ListQuery, 'orgId' | 'role' | 'now'> {
  readonly pattern: string | undefined;
  /** The most rows to count, and one more: it tells whether there are others. */
  readonly countLimit: number | undefined;
}

/** What the text of a list depends on. */
export interface ListForm<Query extends ListQuery>
  extends PageForm,
    Pick<Query, 'status' | 'sort'> {
  readonly hasRole: boolean;
  readonly isSearch: boolean;
  readonly isBounded: boolean;
}

/** Takes a query apart. */
export function divideQuery<Query extends ListQuery>(query: Query): [ListValues, ListForm<Query>] {
  const { orgId, status, role, search, sort, order, limit, after, now, countUpTo } = query;
  const [seen, seenId] = after ?? [];
  const isBounded = countUpTo !== undefined;
  const countLimit = isBounded ? countUpTo + 1 : undefined;
  const isSearch = !!search;
  return [
    { orgId, role, pattern: search && patternOf(search), limit, seen, seenId, now, countLimit },
    {
      status,
      sort,
      order,
      hasRole: role !== undefined,
      isSearch,
      isLater: !!after,
      isBounded,
    },
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
