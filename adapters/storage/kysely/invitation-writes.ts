import type { Invitation, InvitationsOfMember, StorageTransaction } from '../../../src/index.ts';
import { ifAbsent } from '../../sql/engine.ts';
import { newest } from '../../sql/newest.ts';
import { runWrite } from '../../sql/run-write.ts';
import { type Given, rowsChanged, statement } from '../../sql/statement.ts';
import { inChunks } from './in-chunks.ts';
import { rowInserter } from './insert-rows.ts';
import { countPending, raisePendingBound } from './pending-bound.ts';
import { forEachTerm, replacePending } from './replace-pending.ts';
import { fromInvitation } from './rows.ts';
import type { LockedSession, Session, SqlSession } from './session.ts';
import type { InvitationTable } from './tables.ts';

const insertIfAbsent = rowInserter('oum_invitation', ({ engine }, insert) =>
  ifAbsent(engine, insert, ['org_id', 'pending_address']),
);

type Change = InvitationTable & { readonly was_send_count: number };

const changePending = statement(({ db }: SqlSession, given: Given<Change>) =>
  db
    .updateTable('oum_invitation')
    .set({
      ...forEachTerm((column) => given.one(column)),
      pending_address: given.one('pending_address'),
      status: given.one('status'),
      ended_at: given.one('ended_at'),
      ended_by: given.one('ended_by'),
    })
    .where('id', '=', given.one('id'))
    .where('status', '=', 'pending')
    .where('send_count', '=', given.one('was_send_count')),
);

/** The writes to invitations. */
export function invitationWrites(
  session: LockedSession,
): Pick<
  StorageTransaction,
  | 'insertInvitations'
  | 'deleteUnmailedInvitations'
  | 'updateInvitation'
  | 'replaceInvitations'
  | 'revokeInvitationsOf'
  | 'reassignInvitationsOf'
  | 'countPending'
> {
  const { db, lock } = session;
  return {
    async insertInvitations(invitations) {
      const [first] = invitations;
      if (!first) return [];
      const raise = () => raisePendingBound(session, first.orgId, invitations.length);
      if (!(await lock.holdBy(raise))) return [];
      const added: string[] = [];
      for (const some of inChunks(invitations)) added.push(...(await insertSome(session, some)));
      return added;
    },
    async deleteUnmailedInvitations(orgId, invitationIds) {
      await lock.hold();
      for (const ids of inChunks(invitationIds)) {
        const unmailed = db
          .deleteFrom('oum_invitation')
          .where('org_id', '=', orgId)
          .where('id', 'in', ids)
          .where(({ exists, not, selectFrom }) =>
            not(
              exists(
                selectFrom('oum_mail as m')
                  .select('m.number')
                  .whereRef('m.invitation_id', '=', 'oum_invitation.id'),
              ),
            ),
          );
        await runWrite(session, unmailed);
      }
    },
    async updateInvitation(from, to) {
      await lock.hold();
      const values = { ...fromInvitation(to), was_send_count: from.sendCount };
      if (rowsChanged(await changePending(session, values)) === 0) return false;
      if (to.status === 'pending') await raisePendingBound(session, to.orgId, 1);
      return true;
    },
    async replaceInvitations(invitations) {
      const [first] = invitations;
      if (!first) return;
      await lock.hold();
      for (const some of inChunks(invitations)) await replacePending(session, some);
      await raisePendingBound(session, first.orgId, invitations.length);
    },
    async revokeInvitationsOf(of, endedBy) {
      await lock.hold();
      const ended = { status: 'revoked', pending_address: null, ended_at: of.now } as const;
      return changeInvitationsOf(session, of, { ...ended, ended_by: endedBy });
    },
    async reassignInvitationsOf(of, invitedBy) {
      await lock.hold();
      return changeInvitationsOf(session, of, { invited_by: invitedBy });
    },
    async countPending(orgId, now) {
      await lock.hold();
      return countPending(session, orgId, now);
    },
  };
}

/** Finds the invitations, then writes them by their ids: MySQL locks every row that a write reads. */
async function changeInvitationsOf(
  session: Session,
  of: InvitationsOfMember,
  change: Partial<InvitationTable>,
): Promise<readonly string[]> {
  const ids = await findInvitationsOf(session, of);
  for (const some of inChunks(ids)) {
    const update = session.db.updateTable('oum_invitation').set(change).where('id', 'in', some);
    await runWrite(session, update);
  }
  return ids;
}

async function findInvitationsOf(
  { db, locksReads }: Session,
  { orgId, userId, role, now }: InvitationsOfMember,
): Promise<readonly string[]> {
  const toEither = db
    .selectFrom('oum_invitation')
    .select('id')
    .where('org_id', '=', orgId)
    .where('invited_by', '=', userId)
    .where('status', '=', 'pending')
    .where('expires_at', '>', now)
    .$call(newest(locksReads));
  const rows = await (role === undefined ? toEither : toEither.where('role', '=', role)).execute();
  return rows.map(({ id }) => id);
}

/** Which rows an insert-if-absent left out is asked only when it left out any. */
async function insertSome(
  session: Session,
  invitations: readonly Invitation[],
): Promise<readonly string[]> {
  const ids = invitations.map(({ id }) => id);
  const added = await insertIfAbsent(session, invitations.map(fromInvitation));
  if (added === ids.length) return ids;
  if (added === 0) return [];
  const rows = await session.db
    .selectFrom('oum_invitation')
    .select('id')
    .where('id', 'in', ids)
    .execute();
  return rows.map(({ id }) => id);
}
