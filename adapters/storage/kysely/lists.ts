import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import type {
  InvitationRow,
  InvitationStatus,
  ListQuery,
  Member,
  Slice,
} from '../../../src/index.ts';
import { selectInvitationRows, toInvitationRow } from './invitation-rows.ts';
import { toMember } from './rows.ts';
import type { Tables } from './tables.ts';

/** `StorageReader.listMembers` */
export async function listMembers(
  db: Kysely<Tables>,
  query: ListQuery<'active' | 'disabled'>,
): Promise<Slice<Member>> {
  const { orgId, status, search, limit, after } = query;
  let matching = db.selectFrom('oum_member').where('org_id', '=', orgId);
  if (status !== undefined) matching = matching.where('status', '=', status);
  if (search !== undefined) {
    matching = matching.where(({ or, ref }) =>
      or([contains(ref('address'), search), contains(ref('name'), search)]),
    );
  }
  let page = matching.selectAll().orderBy('joined_at').orderBy('user_id').limit(limit);
  if (after) {
    const [at, id] = after;
    page = page.where((where) =>
      where.or([
        where('joined_at', '>', at),
        where.and([where('joined_at', '=', at), where('user_id', '>', id)]),
      ]),
    );
  }
  const rows = await page.execute();
  const { total } = await matching
    .select(({ fn }) => fn.countAll().as('total'))
    .executeTakeFirstOrThrow();
  return { rows: rows.map(toMember), total: Number(total) };
}

/** `StorageReader.listInvitations` */
export async function listInvitations(
  db: Kysely<Tables>,
  query: ListQuery<InvitationStatus>,
): Promise<Slice<InvitationRow>> {
  const { orgId, search, limit, after } = query;
  const matches = (where: ExpressionBuilder<InvitationSource, 'i'>) =>
    where.and([
      where('i.org_id', '=', orgId),
      ...inStatus(where, query),
      ...(search === undefined ? [] : [contains(where.ref('i.address'), search)]),
    ]);
  let page = selectInvitationRows(db)
    .where(matches)
    .orderBy('i.created_at', 'desc')
    .orderBy('i.id', 'desc')
    .limit(limit);
  if (after) {
    const [at, id] = after;
    page = page.where((where) =>
      where.or([
        where('i.created_at', '<', at),
        where.and([where('i.created_at', '=', at), where('i.id', '<', id)]),
      ]),
    );
  }
  const rows = await page.execute();
  const { total } = await db
    .selectFrom('oum_invitation as i')
    .where(matches)
    .select(({ fn }) => fn.countAll().as('total'))
    .executeTakeFirstOrThrow();
  return { rows: rows.map(toInvitationRow), total: Number(total) };
}

type InvitationSource = Tables & { i: Tables['oum_invitation'] };

/** `expired` is pending past its time; `pending` is pending before it. */
function inStatus(
  where: ExpressionBuilder<InvitationSource, 'i'>,
  { status, now }: ListQuery<InvitationStatus>,
): readonly Expression<SqlBool>[] {
  if (status === undefined) return [];
  if (status === 'expired') {
    return [where('i.status', '=', 'pending'), where('i.expires_at', '<=', now)];
  }
  const stored = where('i.status', '=', status);
  return status === 'pending' ? [stored, where('i.expires_at', '>', now)] : [stored];
}

/**
 * Letter case is ignored as far as the engine knows it, on both sides alike; `%` and `_` mean
 * themselves.
 */
function contains(column: Expression<string | null>, search: string): Expression<SqlBool> {
  // Not the backslash: MySQL takes one as an escape in the literal itself.
  const pattern = `%${search.replace(/[!%_]/g, '!$&')}%`;
  return sql<SqlBool>`lower(${column}) like lower(${pattern}) escape '!'`;
}
