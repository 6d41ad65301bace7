import type { Kysely } from 'kysely';
import type { Member, SeatRefusal } from '../../../src/index.ts';
import type { Tables } from './tables.ts';

type Seat = Pick<Member, 'role' | 'status'>;

const isActive = (seat: Seat | undefined) => seat?.status === 'active';
const isActiveAdmin = (seat: Seat | undefined) => isActive(seat) && seat?.role === 'admin';

/**
 * Moves the organization's counters from one state of a member to another, in one conditional
 * statement on one row: the only form that holds under races on every engine. Says why it refused.
 */
export async function moveCounters(
  db: Kysely<Tables>,
  from: Seat | undefined,
  to: Seat & Pick<Member, 'orgId'>,
): Promise<SeatRefusal | undefined> {
  const admins = Number(isActiveAdmin(to)) - Number(isActiveAdmin(from));
  const members = Number(isActive(to)) - Number(isActive(from));
  if (admins === 0 && members === 0) return undefined;
  let move = db
    .updateTable('oum_organization')
    .set(({ eb }) => ({
      active_admins: eb('active_admins', '+', admins),
      active_members: eb('active_members', '+', members),
    }))
    .where('id', '=', to.orgId);
  if (admins < 0) move = move.where('active_admins', '>', 1);
  if (members > 0) {
    move = move.where(({ or, eb, ref }) =>
      or([eb('member_limit', 'is', null), eb('member_limit', '>', ref('active_members'))]),
    );
  }
  const { numUpdatedRows } = await move.executeTakeFirstOrThrow();
  if (Number(numUpdatedRows) === 1) return undefined;
  return admins < 0 ? 'last_admin' : 'member_limit_reached';
}
