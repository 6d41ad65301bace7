import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type {
  InvitationListQuery,
  InvitationRow,
  Member,
  MemberListQuery,
  Slice,
  StoredInvitationStatus,
} from '../../../src/index.ts';
import { aliasedTable, indexHint } from './aliased-table.ts';
import { selectInvitationRows, toInvitationRow } from './invitation-rows.ts';
import { byKey, mergePages, type Total } from './pages.ts';
import { toMember } from './rows.ts';
import type { Session } from './session.ts';
import type { Tables } from './tables.ts';

type MemberSource = Tables & { m: Tables['oum_member'] };
type InvitationSource = Tables & { i: Tables['oum_invitation'] };

const memberStatuses = ['active', 'disabled'] as const;
const invitationStatuses = ['pending', 'accepted', 'declined', 'revoked'] as const;

/** `StorageReader.listMembers`: the page and the total in one statement. */
export async function listMembers(
  session: Session,
  query: MemberListQuery,
): Promise<Slice<Member>> {
  const { db } = session;
  const { orgId, status, role, search, after } = query;
  const key = { value: query.sort === 'name' ? 'sort_name' : 'joined_at', id: 'user_id' };
  // Without the status: said twice, SQLite takes it for a reason to try every organization.
  const matches = (where: ExpressionBuilder<MemberSource, 'm'>) =>
    where.and([
      where('m.org_id', '=', orgId),
      ...(role === undefined ? [] : [where('m.role', '=', role)]),
      ...(search === undefined
        ? []
        : [
            where.or([
              contains(where.ref('m.address'), search),
              contains(where.ref('m.name'), search),
            ]),
          ]),
    ]);
  const all = db
    .selectFrom('oum_member as m')
    .where(matches)
    .select(({ fn }) => fn.countAll().as('total'));
  const count = status === undefined ? all : all.where('m.status', '=', status);
  const hint = indexHint(session.engine, `oum_member_by_${query.sort}`);
  const page = (one: Member['status']) =>
    db
      .selectFrom(aliasedTable('oum_member', 'm', hint))
      .selectAll('m')
      .where(matches)
      .where('m.status', '=', one)
      .$call(byKey(session, query, key));
  const rows =
    status === undefined
      ? await mergePages(db, memberStatuses.map(page), { count, query, key })
      : await page(status).select(count.as('total')).execute();
  return { rows: rows.map(toMember), total: await totalOf(rows, after && count) };
}

/** `StorageReader.listInvitations`: the page and the total in one statement. */
export async function listInvitations(
  session: Session,
  query: InvitationListQuery,
): Promise<Slice<InvitationRow>> {
  const { db } = session;
  const { orgId, role, search, after } = query;
  const status = query.status === 'expired' ? 'pending' : query.status;
  const key = { value: query.sort === 'address' ? 'address' : 'created_at', id: 'id' };
  const matches = (where: ExpressionBuilder<InvitationSource, 'i'>) =>
    where.and([
      where('i.org_id', '=', orgId),
      ...ofAge(where, query),
      ...(role === undefined ? [] : [where('i.role', '=', role)]),
      ...(search === undefined ? [] : [contains(where.ref('i.address'), search)]),
    ]);
  const all = db
    .selectFrom('oum_invitation as i')
    .where(matches)
    .select(({ fn }) => fn.countAll().as('total'));
  const count = status === undefined ? all : all.where('i.status', '=', status);
  const hint = indexHint(session.engine, `oum_invitation_by_${query.sort}`);
  const page = (one: StoredInvitationStatus) =>
    selectInvitationRows(db, hint)
      .where(matches)
      .where('i.status', '=', one)
      .$call(byKey(session, query, { value: `i.${key.value}`, id: 'i.id' }));
  const rows =
    status === undefined
      ? await mergePages(db, invitationStatuses.map(page), { count, query, key })
      : await page(status).select(count.as('total')).execute();
  return { rows: rows.map(toInvitationRow), total: await totalOf(rows, after && count) };
}

/** Every row carries the total. A first page without rows has none; a later one has to ask. */
async function totalOf(
  [row]: readonly { readonly total: Total }[],
  count: { executeTakeFirstOrThrow(): Promise<{ total: Total }> } | undefined,
): Promise<number> {
  const { total } = row ?? (await count?.executeTakeFirstOrThrow()) ?? { total: 0 };
  return Number(total);
}

/** `expired` is pending past its time; `pending` is pending before it. */
function ofAge(
  where: ExpressionBuilder<InvitationSource, 'i'>,
  { status, now }: InvitationListQuery,
): readonly Expression<SqlBool>[] {
  if (status === 'expired') return [where('i.expires_at', '<=', now)];
  return status === 'pending' ? [where('i.expires_at', '>', now)] : [];
}

/**
 * Letter case is ignored as far as the engine knows it; `%` and `_` mean themselves. Addresses are
 * in lower case already.
 */
function contains(column: Expression<string | null>, search: string): Expression<SqlBool> {
  // Not the backslash: MySQL takes one as an escape in the literal itself.
  const pattern = `%${search.replace(/[!%_]/g, '!$&')}%`;
  return sql<SqlBool>`lower(${column}) like lower(${pattern}) escape '!'`;
}
