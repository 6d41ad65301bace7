import { withLockTimeout } from '../../sql/lock-timeout.ts';
import { newest } from '../../sql/newest.ts';
import { runWrite } from '../../sql/run-write.ts';
import { type Given, rowsChanged, statement } from '../../sql/statement.ts';
import type { Session, SqlSession } from './session.ts';

interface Raise {
  readonly orgId: string;
  readonly by: number;
}

const raise = statement((session: SqlSession, given: Given<Raise>) =>
  session.db
    .updateTable('oum_organization')
    .set(({ eb }) => ({
      pending_upper_bound: eb('pending_upper_bound', '+', given.typed('by', 'bigint')),
    }))
    .where('id', '=', given.one('orgId'))
    .$call(withLockTimeout(session, given.lockTimeoutMs())),
);

/** Raises `pendingUpperBound`. False when there is no such organization. */
export async function raisePendingBound(
  session: Session,
  orgId: string,
  by: number,
): Promise<boolean> {
  return rowsChanged(await raise(session, { orgId, by })) === 1;
}

/** `StorageTransaction.countPending` */
export async function countPending(session: Session, orgId: string, now: number): Promise<number> {
  const { db, locksReads } = session;
  // Two statements: MySQL locks whatever a write reads, other organizations' rows among it.
  const { pending } = await db
    .selectFrom('oum_invitation')
    .select(({ fn }) => fn.countAll().as('pending'))
    .where('org_id', '=', orgId)
    .where('status', '=', 'pending')
    .where('expires_at', '>', now)
    .$call(newest(locksReads))
    .executeTakeFirstOrThrow();
  const lower = db
    .updateTable('oum_organization')
    .set({ pending_upper_bound: Number(pending) })
    .where('id', '=', orgId);
  await runWrite(session, lower);
  return Number(pending);
}
