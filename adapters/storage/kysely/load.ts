import type { Kysely } from 'kysely';
import type { InvitationRow, Standing, StandingQuery } from '../../../src/index.ts';
import { selectInvitationRows, toInvitationRow } from './invitation-rows.ts';
import { toMember, toOrganization } from './rows.ts';
import type { Tables } from './tables.ts';

/**
 * `StorageReader.load`: one statement for the organization, its members and the count, and one for
 * invitations if any are asked for.
 */
export async function load(db: Kysely<Tables>, query: StandingQuery): Promise<Standing> {
  const people = await loadPeople(db, query);
  return { ...people, invitations: await loadInvitations(db, query) };
}

async function loadPeople(
  db: Kysely<Tables>,
  { orgId, userIds = [], addresses = [], countPendingAt }: StandingQuery,
): Promise<Omit<Standing, 'invitations'>> {
  const rows = await db
    .selectFrom('oum_organization as o')
    .leftJoin('oum_member as m', (join) =>
      join
        .onRef('m.org_id', '=', 'o.id')
        .on((on) =>
          on.or([
            ...(userIds.length > 0 ? [on('m.user_id', 'in', userIds)] : []),
            ...(addresses.length > 0 ? [on('m.address', 'in', addresses)] : []),
          ]),
        ),
    )
    .where('o.id', '=', orgId)
    .selectAll('o')
    .select([
      'm.user_id',
      'm.address',
      'm.name as member_name',
      'm.role',
      'm.status',
      'm.daily_limit',
      'm.monthly_limit',
      'm.joined_at',
      'm.invited_by',
      'm.disabled_at',
    ])
    .select(({ selectFrom, val }) =>
      countPendingAt === undefined
        ? val(0).as('pending')
        : selectFrom('oum_invitation as i')
            .select(({ fn }) => fn.countAll().as('pending'))
            .where('i.org_id', '=', orgId)
            .where('i.status', '=', 'pending')
            .where('i.expires_at', '>', countPendingAt)
            .as('pending'),
    )
    .execute();
  const [first] = rows;
  const members = rows.flatMap((row) => {
    const { user_id, address, role, status, joined_at } = row;
    // The left join's empty side; one column would do, TypeScript wants to see them all.
    if (user_id === null || address === null || !role || !status || joined_at === null) return [];
    const name = row.member_name;
    return toMember({ ...row, org_id: row.id, user_id, address, name, role, status, joined_at });
  });
  return {
    organization: first && toOrganization(first),
    members,
    pendingInvitations: Number(first?.pending ?? 0),
  };
}

async function loadInvitations(
  db: Kysely<Tables>,
  { orgId, pendingAddresses = [], invitationIds = [] }: StandingQuery,
): Promise<readonly InvitationRow[]> {
  if (pendingAddresses.length === 0 && invitationIds.length === 0) return [];
  const rows = await selectInvitationRows(db)
    .where('i.org_id', '=', orgId)
    .where((where) =>
      where.or([
        ...(invitationIds.length > 0 ? [where('i.id', 'in', invitationIds)] : []),
        ...(pendingAddresses.length > 0
          ? [where('i.pending_address', 'in', pendingAddresses)]
          : []),
      ]),
    )
    .execute();
  return rows.map(toInvitationRow);
}
