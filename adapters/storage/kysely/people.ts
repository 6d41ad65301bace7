import { sql } from 'kysely';
import type { Member, Standing, StandingQuery } from '../../../src/index.ts';
import { isInJsonList } from '../../sql/json-list.ts';
import { newest } from '../../sql/newest.ts';
import { type Given, statementInForms } from '../../sql/statement.ts';
import { toMember, toOrganization } from './rows.ts';
import type { Session, SqlSession } from './session.ts';

interface PeopleQuery {
  readonly orgId: string;
  readonly userIds: readonly string[];
  /** A few, each a parameter. */
  readonly addresses: readonly string[];
  /** Many, as JSON. */
  readonly addressList: string | undefined;
}

interface Form {
  readonly hasAddressList: boolean;
}

type People = Pick<Standing, 'organization' | 'members'>;

/** The organization, in as many rows as it has of the people asked for, in one at least. */
const selectPeople = statementInForms(
  ({ db, engine, locksReads }: SqlSession, given: Given<PeopleQuery>, form: Form) => {
    const isInList = form.hasAddressList && isInJsonList[engine.name];
    const addresses = given.each('addresses');
    return db
      .selectFrom('oum_organization as o')
      .leftJoin('oum_member as m', (join) =>
        join.on(({ and, eb, or, ref }) => {
          const isAddressed = [
            ...(addresses.length > 0 ? [eb('m.address', 'in', addresses)] : []),
            ...(isInList
              ? [isInList(sql.ref('m.address'), given.typed('addressList', 'text'))]
              : []),
          ];
          return or([
            // Nobody has the empty id: for a condition without terms SQLite looks at every member.
            and([
              eb('m.org_id', '=', ref('o.id')),
              eb('m.user_id', 'in', ['', ...given.each('userIds')]),
            ]),
            // The organization is in both parts, and not in the same words: what they have in common
            // SQLite takes for the better condition, and reads every member of it.
            ...isAddressed.map((condition) =>
              and([eb('m.org_id', '=', given.one('orgId')), condition]),
            ),
          ]);
        }),
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
  },
);

type Row = Awaited<ReturnType<typeof selectPeople>>['rows'][number];

// Statements with so few are compiled once.
const fewAddresses = 2;

/** The organization and its members with these ids and addresses, in one statement. */
export async function loadPeople(session: Session, query: StandingQuery): Promise<People> {
  const { orgId, userIds = [], addresses = [] } = query;
  const hasAddressList =
    addresses.length > fewAddresses && isInJsonList[session.engine.name] !== undefined;
  const asked = hasAddressList
    ? { addresses: [], addressList: JSON.stringify(addresses) }
    : { addresses, addressList: undefined };
  const { rows } = await selectPeople(session, { orgId, userIds, ...asked }, { hasAddressList });
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
