import type { Transaction } from 'kysely';
import type { Invitation, StorageTransaction } from '../../../src/index.ts';
import { inChunks } from './in-chunks.ts';
import { fromInvitation } from './rows.ts';
import type { Tables } from './tables.ts';

/** The writes to invitations. */
export function invitationWrites(
  trx: Transaction<Tables>,
): Pick<StorageTransaction, 'insertInvitations' | 'updateInvitation' | 'revokeAdminInvitations'> {
  return {
    async insertInvitations(invitations) {
      const added: string[] = [];
      for (const some of inChunks(invitations)) added.push(...(await insertSome(trx, some)));
      return added;
    },
    async updateInvitation(from, to) {
      const { numUpdatedRows } = await trx
        .updateTable('oum_invitation')
        .set(fromInvitation(to))
        .where('id', '=', to.id)
        .where('status', '=', 'pending')
        .where('generation', '=', from.generation)
        .executeTakeFirstOrThrow();
      return Number(numUpdatedRows) === 1;
    },
    async revokeAdminInvitations({ orgId, userId }, endedAt) {
      const theirs = await trx
        .selectFrom('oum_invitation')
        .select('id')
        .where('org_id', '=', orgId)
        .where('status', '=', 'pending')
        .where('role', '=', 'admin')
        .where('invited_by', '=', userId)
        .execute();
      const ids = theirs.map(({ id }) => id);
      for (const some of inChunks(ids)) {
        await trx
          .updateTable('oum_invitation')
          .set({ status: 'revoked', pending_address: null, ended_at: endedAt })
          .where('id', 'in', some)
          .execute();
      }
      return ids;
    },
  };
}

/** Which rows an insert-if-absent left out is asked only when it left out any. */
async function insertSome(
  trx: Transaction<Tables>,
  invitations: readonly Invitation[],
): Promise<readonly string[]> {
  const ids = invitations.map(({ id }) => id);
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('oum_invitation')
    .values(invitations.map(fromInvitation))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (Number(numInsertedOrUpdatedRows) === ids.length) return ids;
  const rows = await trx.selectFrom('oum_invitation').select('id').where('id', 'in', ids).execute();
  return rows.map(({ id }) => id);
}
