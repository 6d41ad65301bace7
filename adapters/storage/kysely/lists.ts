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

type MemberSource = Tables & { m: Tables['oum_member'] };
type InvitationSource = Tables & { i: Tables['oum_invitation'] };

/** `StorageReader.listMembers`: the page and the total in one statement. */
export async function listMembers(
  db: Kysely<Tables>,
  query: ListQuery<'active' | 'disabled'>,
): Promise<Slice<Member>> {
  const { orgId, status, search, limit, after } = query;
  const matches = (where: ExpressionBuilder<MemberSource, 'm'>) =>
    where.and([
      where('m.org_id', '=', orgId),
      ...(status === undefined ? [] : [where('m.status', '=', status)]),
      ...(search === undefined
        ? []
        : [
            where.or([
              contains(where.ref('m.address'), search),
              contains(where.ref('m.name'), search),
            ]),
          ]),
    ]);
  const count = db
    .selectFrom('oum_member as m')
    .where(matches)
    .select(({ fn }) => fn.countAll().as('total'));
  let page = db
    .selectFrom('oum_member as m')
    .selectAll('m')
    .select(count.as('total'))
    .where(matches)
    .orderBy('m.joined_at')
    .orderBy('m.user_id')
    .limit(limit);
  if (after) {
    const [at, id] = after;
    page = page.where((where) =>
      where.or([
        where('m.joined_at', '>', at),
        where.and([where('m.joined_at', '=', at), where('m.user_id', '>', id)]),
      ]),
    );
  }
  const rows = await page.execute();
  return { rows: rows.map(toMember), total: await totalOf(rows, after && count) };
}

/** `StorageReader.listInvitations`: the page and the total in one statement. */
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
  const count = db
    .selectFrom('oum_invitation as i')
    .where(matches)
    .select(({ fn }) => fn.countAll().as('total'));
  let page = selectInvitationRows(db)
    .select(count.as('total'))
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
  return { rows: rows.map(toInvitationRow), total: await totalOf(rows, after && count) };
}

type Total = number | string | bigint | null;

/** Every row carries the total. A first page without rows has none; a later one has to ask. */
async function totalOf(
  [row]: readonly { readonly total: Total }[],
  count: { executeTakeFirstOrThrow(): Promise<{ total: Total }> } | undefined,
): Promise<number> {
  const { total } = row ?? (await count?.executeTakeFirstOrThrow()) ?? { total: 0 };
  return Number(total);
}

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
