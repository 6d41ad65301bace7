import type { StorageTransaction } from '../../../src/index.ts';
import { ifAbsent } from '../../sql/engine.ts';
import { fromMember, fromMemberChange, fromOrganization } from './rows.ts';
import { moveCounters } from './seat-counters.ts';
import type { LockedSession } from './session.ts';

/** The writes to organizations and members. */
export function memberWrites({
  db,
  engine,
  lock,
}: LockedSession): Pick<
  StorageTransaction,
  'insertOrganization' | 'insertMember' | 'updateMember'
> {
  return {
    async insertOrganization(organization, admin) {
      await lock.hold();
      const insert = db.insertInto('oum_organization').values(fromOrganization(organization));
      const { numInsertedOrUpdatedRows } = await ifAbsent(engine, insert).executeTakeFirstOrThrow();
      if (Number(numInsertedOrUpdatedRows) === 0) return false;
      await db.insertInto('oum_member').values(fromMember(admin)).execute();
      return true;
    },
    async insertMember(member) {
      const refusal = await lock.holdBy(() => moveCounters(db, undefined, member));
      if (refusal) return 'member_limit_reached';
      const insert = db.insertInto('oum_member').values(fromMember(member));
      const { numInsertedOrUpdatedRows } = await ifAbsent(engine, insert).executeTakeFirstOrThrow();
      if (Number(numInsertedOrUpdatedRows) === 1) return 'inserted';
      await moveCounters(db, member, { ...member, status: 'disabled' });
      return 'exists';
    },
    async updateMember(from, to) {
      await lock.hold();
      const refusal = await moveCounters(db, from, to);
      if (refusal) return refusal;
      const { numUpdatedRows } = await db
        .updateTable('oum_member')
        .set(fromMemberChange(to))
        .where('org_id', '=', to.orgId)
        .where('user_id', '=', to.userId)
        .where('role', '=', from.role)
        .where('status', '=', from.status)
        .executeTakeFirstOrThrow();
      if (Number(numUpdatedRows) === 1) return 'updated';
      await moveCounters(db, to, { ...to, ...from });
      return 'stale';
    },
  };
}
