import type { Member, Standing, StandingQuery } from '../../../src/index.ts';
import { newest } from '../../sql/newest.ts';
import { type Given, statement } from '../../sql/statement.ts';
import { toMember, toOrganization } from './rows.ts';
import type { Session, SqlSession } from './session.ts';

type PeopleQuery = Required<Pick<StandingQuery, 'orgId' | 'userIds' | 'addresses'>>;
type People = Pick<Standing, 'organization' | 'members'>;

/** The organization, in as many rows as it has of the people asked for, in one at least. */
const selectPeople = statement(({ db, locksReads }: SqlSession, given: Given<PeopleQuery>) => {
  const addresses = given.each('addresses');
  return db
    .selectFrom('oum_organization as o')
    .leftJoin('oum_member as m', (join) =>
      join.on(({ and, eb, or, ref }) =>
        or([
          // Nobody has the empty id: for a condition without terms SQLite looks at every member.
          and([
            eb('m.org_id', '=', ref('o.id')),
            eb('m.user_id', 'in', ['', ...given.each('userIds')]),
          ]),
          // The organization is in both parts, and not in the same words: what they have in common
          // SQLite takes for the better condition, and reads every member of it.
          ...(addresses.length > 0
            ? [and([eb('m.org_id', '=', given.one('orgId')), eb('m.address', 'in', addresses)])]
            : []),
        ]),
      ),
    )
    .where('o.id', '=', given.one('orgId'))
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
});

type Row = Awaited<ReturnType<typeof selectPeople>>['rows'][number];

/** The organization and its members with these ids and addresses, in one statement. */
export async function loadPeople(session: Session, query: StandingQuery): Promise<People> {
  const { orgId, userIds = [], addresses = [] } = query;
  const { rows } = await selectPeople(session, { orgId, userIds, addresses });
  return toPeople(rows);
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
