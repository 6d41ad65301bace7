import type { Kysely } from 'kysely';
import { newest } from '../../sql/newest.ts';
import type { Session } from './session.ts';
import type { Tables } from './tables.ts';

/** Raises `pendingUpperBound`. False when there is no such organization. */
export async function raisePendingBound(
  db: Kysely<Tables>,
  orgId: string,
  by: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('oum_organization')
    .set(({ eb }) => ({ pending_upper_bound: eb('pending_upper_bound', '+', by) }))
    .where('id', '=', orgId)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows) === 1;
}

/** `StorageTransaction.countPending` */
export async function countPending(
  { db, locksReads }: Session,
  orgId: string,
  now: number,
): Promise<number> {
  // Two statements: MySQL locks whatever a write reads, other organizations' rows among it.
  const { pending } = await db
    .selectFrom('oum_invitation')
    .select(({ fn }) => fn.countAll().as('pending'))
    .where('org_id', '=', orgId)
    .where('status', '=', 'pending')
    .where('expires_at', '>', now)
    .$call(newest(locksReads))
    .executeTakeFirstOrThrow();
  await db
    .updateTable('oum_organization')
    .set({ pending_upper_bound: Number(pending) })
    .where('id', '=', orgId)
    .execute();
  return Number(pending);
}
