import type { Kysely } from 'kysely';
import type { Member, StorageTransaction } from '../../../src/index.ts';
import { ifAbsent } from '../../sql/engine.ts';
import { fromMember, fromMemberChange, fromOrganization } from './rows.ts';
import { moveCounters } from './seat-counters.ts';
import type { LockedSession } from './session.ts';
import type { Tables } from './tables.ts';

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
      if (refusal) return (await isThere(db, member)) ? 'exists' : 'member_limit_reached';
      const insert = db.insertInto('oum_member').values(fromMember(member));
      const { numInsertedOrUpdatedRows } = await ifAbsent(engine, insert).executeTakeFirstOrThrow();
      if (Number(numInsertedOrUpdatedRows) === 1) return 'inserted';
      await moveCounters(db, member, { ...member, status: 'disabled' });
      return 'exists';
    },
    async updateMember(from, to) {
      await lock.hold();
      if (!(await replaceMember(db, from, to))) return 'stale';
      const refusal = await moveCounters(db, from, to);
      if (!refusal) return 'updated';
      await replaceMember(db, to, from);
      return refusal;
    },
  };
}

/** Writes what may change in a member whose role and status still are as `from` says. */
async function replaceMember(db: Kysely<Tables>, from: Member, to: Member): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('oum_member')
    .set(fromMemberChange(to))
    .where('org_id', '=', to.orgId)
    .where('user_id', '=', to.userId)
    .where('role', '=', from.role)
    .where('status', '=', from.status)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows) === 1;
}

async function isThere(
  db: Kysely<Tables>,
  { orgId, userId }: Pick<Member, 'orgId' | 'userId'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('oum_member')
    .select('user_id')
    .where('org_id', '=', orgId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row !== undefined;
}
