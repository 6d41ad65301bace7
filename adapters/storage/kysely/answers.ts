import type { StorageTransaction } from '../../../src/index.ts';
import { newest } from '../../sql/newest.ts';
import type { LockedSession } from './session.ts';

/** The answers of calls that carried an idempotency key. */
export function answers({
  db,
  lock,
  locksReads,
}: LockedSession): Pick<StorageTransaction, 'findAnswer' | 'keepAnswer'> {
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
      await db
        .deleteFrom('oum_answer')
        .where('org_id', '=', orgId)
        .where('expires_at', '<=', now)
        .execute();
      const row = { org_id: orgId, digest: key, request, answer, expires_at: expiresAt };
      await db.insertInto('oum_answer').values(row).execute();
    },
  };
}
