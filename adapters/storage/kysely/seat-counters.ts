import type { Member, SeatRefusal } from '../../../src/index.ts';
import { withLockTimeout } from '../../sql/lock-timeout.ts';
import { type Given, rowsChanged, statementInForms } from '../../sql/statement.ts';
import type { Session, SqlSession } from './session.ts';

type Seat = Pick<Member, 'role' | 'status'>;

const isActive = (seat: Seat | undefined) => seat?.status === 'active';
const isActiveAdmin = (seat: Seat | undefined) => isActive(seat) && seat?.role === 'admin';

interface Change {
  readonly orgId: string;
  readonly admins: number;
  readonly members: number;
}

interface Direction {
  readonly fewerAdmins: boolean;
  readonly moreMembers: boolean;
}

const move = statementInForms(
  (session: SqlSession, given: Given<Change>, { fewerAdmins, moreMembers }: Direction) => {
    let update = session.db
      .updateTable('oum_organization')
      .set(({ eb }) => ({
        active_admins: eb('active_admins', '+', given.typed('admins', 'bigint')),
        active_members: eb('active_members', '+', given.typed('members', 'bigint')),
      }))
      .where('id', '=', given.one('orgId'))
      .$call(withLockTimeout(session, given.lockTimeoutMs()));
    if (fewerAdmins) update = update.where('active_admins', '>', 1);
    if (moreMembers) {
      update = update.where(({ or, eb, ref }) =>
        or([eb('member_limit', 'is', null), eb('member_limit', '>', ref('active_members'))]),
      );
    }
    return update;
  },
);

/**
 * Moves the organization's counters from one state of a member to another, in one conditional
 * statement on one row: the only form that holds under races on every engine. Says why it refused.
 */
export async function moveCounters(
  session: Session,
  from: Seat | undefined,
  to: Seat & Pick<Member, 'orgId'>,
): Promise<SeatRefusal | undefined> {
  const admins = Number(isActiveAdmin(to)) - Number(isActiveAdmin(from));
  const members = Number(isActive(to)) - Number(isActive(from));
  if (admins === 0 && members === 0) return undefined;
  const values = { orgId: to.orgId, admins, members };
  const moved = await move(session, values, { fewerAdmins: admins < 0, moreMembers: members > 0 });
  if (rowsChanged(moved) === 1) return undefined;
  return admins < 0 ? 'last_admin' : 'member_limit_reached';
}
