import type { CompiledQuery, Kysely } from 'kysely';
import type { Member, Standing, StandingQuery } from '../../../src/index.ts';
import { newest } from '../../sql/newest.ts';
import { precompile } from '../../sql/precompile.ts';
import { toMember, toOrganization } from './rows.ts';
import type { Session } from './session.ts';
import type { Tables } from './tables.ts';

type PeopleQuery = Required<Pick<StandingQuery, 'orgId' | 'userIds' | 'addresses'>>;
type People = Pick<Standing, 'organization' | 'members'>;

/** The organization, in as many rows as it has of the people asked for, in one at least. */
function selectPeople(
  { db, locksReads }: Pick<Session, 'db' | 'locksReads'>,
  { orgId, userIds, addresses }: PeopleQuery,
) {
  return db
    .selectFrom('oum_organization as o')
    .leftJoin('oum_member as m', (join) =>
      join.onRef('m.org_id', '=', 'o.id').on((on) =>
        on.or([
          // Nobody has the empty id: for a condition without terms SQLite looks at every member.
          on('m.user_id', 'in', ['', ...userIds]),
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
      'm.phone',
      'm.role',
      'm.status',
      'm.daily_limit',
      'm.monthly_limit',
      'm.joined_at',
      'm.invited_by',
      'm.disabled_at',
    ])
    .$call(newest(locksReads));
}

type Row = Awaited<ReturnType<ReturnType<typeof selectPeople>['execute']>>[number];

/** Finds the organization and few of its people; nothing is prepared for many. */
export type FindPeople = (query: PeopleQuery) => CompiledQuery<Row> | undefined;

// A request of the host asks for one user, an invitation for its admin and one address.
const mostPrepared = 2;

/** Compiled at the first use of each number of ids and addresses, for all sessions on the same tables. */
export function createFindPeople(db: Kysely<Tables>): FindPeople {
  const prepared = new Map<string, ReturnType<typeof precompile<Row>>>();
  return ({ orgId, userIds, addresses }) => {
    if (userIds.length > mostPrepared || addresses.length > mostPrepared) return undefined;
    const shape = `${userIds.length}/${addresses.length}`;
    const compile =
      prepared.get(shape) ??
      precompile((placeholder) =>
        selectPeople(
          { db, locksReads: false },
          {
            orgId: placeholder('orgId'),
            userIds: userIds.map((_, index) => placeholder(`user ${index}`)),
            addresses: addresses.map((_, index) => placeholder(`address ${index}`)),
          },
        ),
      );
    prepared.set(shape, compile);
    return compile(
      new Map([
        ['orgId', orgId],
        ...userIds.map((userId, index) => [`user ${index}`, userId] as const),
        ...addresses.map((address, index) => [`address ${index}`, address] as const),
      ]),
    );
  };
}

/** The organization and its members with these ids and addresses, in one statement. */
export async function loadPeople(session: Session, query: StandingQuery): Promise<People> {
  return toPeople(await readRows(session, query));
}

async function readRows(
  session: Session,
  { orgId, userIds = [], addresses = [] }: StandingQuery,
): Promise<readonly Row[]> {
  const { db, locksReads, findPeople } = session;
  const query = { orgId, userIds, addresses };
  const compiled = locksReads ? undefined : findPeople(query);
  if (!compiled) return selectPeople(session, query).execute();
  const { rows } = await db.executeQuery(compiled);
  return rows;
}

function toPeople(rows: readonly Row[]): People {
  const [first] = rows;
  return { organization: first && toOrganization(first), members: rows.flatMap(toMembers) };
}

function toMembers(row: Row): readonly Member[] {
  const { user_id, address, role, status, joined_at } = row;
  // The left join's empty side; one column would do, TypeScript wants to see them all.
  if (user_id === null || address === null || !role || !status || joined_at === null) return [];
  const name = row.member_name;
  return [toMember({ ...row, org_id: row.id, user_id, address, name, role, status, joined_at })];
}
