import type { Member, MemberKey, StorageTransaction } from '../../../src/index.ts';
import { ifAbsent } from '../../sql/engine.ts';
import { newest } from '../../sql/newest.ts';
import { type Given, rowsChanged, statement } from '../../sql/statement.ts';
import { rowInserter } from './insert-rows.ts';
import { fromMember, fromMemberChange, fromOrganization } from './rows.ts';
import { moveCounters } from './seat-counters.ts';
import type { LockedSession, Session, SqlSession } from './session.ts';

const insertOrganizations = rowInserter('oum_organization', ({ engine }, insert) =>
  ifAbsent(engine, insert, ['id']),
);
const insertMembers = rowInserter('oum_member', ({ engine }, insert) =>
  ifAbsent(engine, insert, ['org_id', 'user_id']),
);

type Change = ReturnType<typeof fromMemberChange> &
  MemberKey & { readonly wasRole: Member['role']; readonly wasStatus: Member['status'] };

const changeMember = statement(({ db }: SqlSession, given: Given<Change>) =>
  db
    .updateTable('oum_member')
    .set({
      role: given.one('role'),
      status: given.one('status'),
      daily_limit: given.one('daily_limit'),
      monthly_limit: given.one('monthly_limit'),
      disabled_at: given.one('disabled_at'),
    })
    .where('org_id', '=', given.one('orgId'))
    .where('user_id', '=', given.one('userId'))
    .where('role', '=', given.one('wasRole'))
    .where('status', '=', given.one('wasStatus')),
);

const findMember = statement(({ db, locksReads }: SqlSession, given: Given<MemberKey>) =>
  db
    .selectFrom('oum_member')
    .select(['role', 'status'])
    .where('org_id', '=', given.one('orgId'))
    .where('user_id', '=', given.one('userId'))
    .$call(newest(locksReads)),
);

/** The writes to organizations and members. */
export function memberWrites(
  session: LockedSession,
): Pick<StorageTransaction, 'insertOrganization' | 'insertMember' | 'updateMember'> {
  const { lock } = session;
  return {
    async insertOrganization(organization, admin) {
      await lock.hold();
      if ((await insertOrganizations(session, [fromOrganization(organization)])) === 0)
        return false;
      await insertMembers(session, [fromMember(admin)]);
      return true;
    },
    async insertMember(member) {
      const refusal = await lock.holdBy(() => moveCounters(session, undefined, member));
      if (refusal) return (await isThere(session, member)) ? 'exists' : 'member_limit_reached';
      if ((await insertMembers(session, [fromMember(member)])) === 1) return 'inserted';
      await moveCounters(session, member, { ...member, status: 'disabled' });
      return 'exists';
    },
    async updateMember(from, to) {
      await lock.hold();
      if (!(await replaceMember(session, from, to))) return 'stale';
      const refusal = await moveCounters(session, from, to);
      if (!refusal) return 'updated';
      await replaceMember(session, to, from);
      return refusal;
    },
  };
}

/** Writes what may change in a member whose role and status still are as `from` says. */
async function replaceMember(session: Session, from: Member, to: Member): Promise<boolean> {
  const { orgId, userId } = to;
  const expected = { wasRole: from.role, wasStatus: from.status };
  const values = { ...fromMemberChange(to), ...expected, orgId, userId };
  if (rowsChanged(await changeMember(session, values)) === 1) return true;
  // Some drivers of MySQL do not count a row that holds these values already.
  const [row] = (await findMember(session, { orgId, userId })).rows;
  return row?.role === from.role && row.status === from.status;
}

async function isThere(session: Session, { orgId, userId }: MemberKey): Promise<boolean> {
  const { rows } = await findMember(session, { orgId, userId });
  return rows.length > 0;
}
