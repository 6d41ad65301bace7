import type { Transaction } from 'kysely';
import type { StorageTransaction } from '../../../src/index.ts';
import { fromMember, fromMemberChange, fromOrganization } from './rows.ts';
import { moveCounters } from './seat-counters.ts';
import type { Tables } from './tables.ts';

/** The writes to organizations and members. */
export function memberWrites(
  trx: Transaction<Tables>,
): Pick<StorageTransaction, 'insertOrganization' | 'insertMember' | 'updateMember'> {
  return {
    async insertOrganization(organization, admin) {
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('oum_organization')
        .values(fromOrganization(organization))
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (Number(numInsertedOrUpdatedRows) === 0) return false;
      await trx.insertInto('oum_member').values(fromMember(admin)).execute();
      return true;
    },
    async insertMember(member) {
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('oum_member')
        .values(fromMember(member))
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (Number(numInsertedOrUpdatedRows) === 0) return 'exists';
      if ((await moveCounters(trx, undefined, member)) === undefined) return 'inserted';
      await trx
        .deleteFrom('oum_member')
        .where('org_id', '=', member.orgId)
        .where('user_id', '=', member.userId)
        .execute();
      return 'member_limit_reached';
    },
    async updateMember(from, to) {
      const refusal = await moveCounters(trx, from, to);
      if (refusal) return refusal;
      const { numUpdatedRows } = await trx
        .updateTable('oum_member')
        .set(fromMemberChange(to))
        .where('org_id', '=', to.orgId)
        .where('user_id', '=', to.userId)
        .where('role', '=', from.role)
        .where('status', '=', from.status)
        .executeTakeFirstOrThrow();
      if (Number(numUpdatedRows) === 1) return 'updated';
      await moveCounters(trx, to, { ...to, ...from });
      return 'stale';
    },
  };
}
