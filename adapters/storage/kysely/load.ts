import type { Kysely } from 'kysely';
import type {
  InvitationRow,
  Member,
  Organization,
  Standing,
  StandingQuery,
} from '../../../src/index.ts';
import { selectInvitationRows, toInvitationRow } from './invitation-rows.ts';
import { toMember, toOrganization } from './rows.ts';
import type { Tables } from './tables.ts';

/** `StorageReader.load`: one statement for the organization and its members, one for invitations. */
export async function load(db: Kysely<Tables>, query: StandingQuery): Promise<Standing> {
  const { organization, members } = await loadPeople(db, query);
  return {
    organization,
    members,
    invitations: await loadInvitations(db, query),
    pendingInvitations: await countPending(db, query),
  };
}

async function loadPeople(
  db: Kysely<Tables>,
  { orgId, userIds = [], addresses = [] }: StandingQuery,
): Promise<{ organization: Organization | undefined; members: readonly Member[] }> {
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
    .execute();
  const [first] = rows;
  const members = rows.flatMap((row) => {
    const { user_id, address, role, status, joined_at } = row;
    // The left join's empty side; one column would do, TypeScript wants to see them all.
    if (user_id === null || address === null || !role || !status || joined_at === null) return [];
    const name = row.member_name;
    return toMember({ ...row, org_id: row.id, user_id, address, name, role, status, joined_at });
  });
  return { organization: first && toOrganization(first), members };
}

async function loadInvitations(
  db: Kysely<Tables>,
  { orgId, addresses = [], invitationIds = [] }: StandingQuery,
): Promise<readonly InvitationRow[]> {
  if (addresses.length === 0 && invitationIds.length === 0) return [];
  const rows = await selectInvitationRows(db)
    .where('i.org_id', '=', orgId)
    .where((where) =>
      where.or([
        ...(invitationIds.length > 0 ? [where('i.id', 'in', invitationIds)] : []),
        ...(addresses.length > 0 ? [where('i.pending_address', 'in', addresses)] : []),
      ]),
    )
    .execute();
  return rows.map(toInvitationRow);
}

async function countPending(
  db: Kysely<Tables>,
  { orgId, countPendingAt }: StandingQuery,
): Promise<number> {
  if (countPendingAt === undefined) return 0;
  const { pending } = await db
    .selectFrom('oum_invitation')
    .select(({ fn }) => fn.countAll().as('pending'))
    .where('org_id', '=', orgId)
    .where('status', '=', 'pending')
    .where('expires_at', '>', countPendingAt)
    .executeTakeFirstOrThrow();
  return Number(pending);
}
