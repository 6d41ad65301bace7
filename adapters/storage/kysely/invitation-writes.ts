import type { Invitation, StorageTransaction } from '../../../src/index.ts';
import { ifAbsent } from '../../sql/engine.ts';
import { inChunks } from './in-chunks.ts';
import { fromInvitation } from './rows.ts';
import type { LockedSession, Session } from './session.ts';

/** The writes to invitations. */
export function invitationWrites(
  session: LockedSession,
): Pick<StorageTransaction, 'insertInvitations' | 'updateInvitation' | 'revokeAdminInvitations'> {
  const { db, lock } = session;
  return {
    async insertInvitations(invitations) {
      await lock.hold();
      const added: string[] = [];
      for (const some of inChunks(invitations)) added.push(...(await insertSome(session, some)));
      return added;
    },
    async updateInvitation(from, to) {
      await lock.hold();
      const { numUpdatedRows } = await db
        .updateTable('oum_invitation')
        .set(fromInvitation(to))
        .where('id', '=', to.id)
        .where('status', '=', 'pending')
        .where('mail_id', '=', from.mailId)
        .executeTakeFirstOrThrow();
      return Number(numUpdatedRows) === 1;
    },
    async revokeAdminInvitations({ orgId, userId }, endedAt) {
      await lock.hold();
      const theirs = await db
        .selectFrom('oum_invitation')
        .select('id')
        .where('org_id', '=', orgId)
        .where('status', '=', 'pending')
        .where('role', '=', 'admin')
        .where('invited_by', '=', userId)
        .execute();
      const ids = theirs.map(({ id }) => id);
      for (const some of inChunks(ids)) {
        await db
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
  { db, engine }: Session,
  invitations: readonly Invitation[],
): Promise<readonly string[]> {
  const ids = invitations.map(({ id }) => id);
  const insert = db.insertInto('oum_invitation').values(invitations.map(fromInvitation));
  const { numInsertedOrUpdatedRows } = await ifAbsent(engine, insert).executeTakeFirstOrThrow();
  if (Number(numInsertedOrUpdatedRows) === ids.length) return ids;
  const rows = await db.selectFrom('oum_invitation').select('id').where('id', 'in', ids).execute();
  return rows.map(({ id }) => id);
}
