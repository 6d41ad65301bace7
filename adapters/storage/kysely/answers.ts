import type { StorageTransaction } from '../../../src/index.ts';
import { newest } from '../../sql/newest.ts';
import { runWrite } from '../../sql/run-write.ts';
import type { LockedSession } from './session.ts';

/** The answers of calls that carried an idempotency key. */
export function answers(
  session: LockedSession,
): Pick<StorageTransaction, 'findAnswer' | 'keepAnswer'> {
  const { db, lock, locksReads } = session;
  return {
    async findAnswer({ orgId, key }, now) {
      await lock.hold();
      const row = await db
        .selectFrom('oum_answer')
        .selectAll()
        .where('org_id', '=', orgId)
        .where('digest', '=', key)
        .where('expires_at', '>', now)
        .$call(newest(locksReads))
        .executeTakeFirst();
      if (!row) return undefined;
      const { request, answer, expires_at } = row;
      return { orgId, key, request, answer, expiresAt: Number(expires_at) };
    },
    async keepAnswer({ orgId, key, request, answer, expiresAt }, now) {
      await lock.hold();
      const old = db
        .deleteFrom('oum_answer')
        .where('org_id', '=', orgId)
        .where('expires_at', '<=', now);
      await runWrite(session, old);
      const row = { org_id: orgId, digest: key, request, answer, expires_at: expiresAt };
      await runWrite(session, db.insertInto('oum_answer').values(row));
    },
  };
}
