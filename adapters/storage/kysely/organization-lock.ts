import { sql } from 'kysely';
import { withLockTimeout } from '../../sql/lock-timeout.ts';
import { type Given, statement } from '../../sql/statement.ts';
import type { SqlSession } from './session.ts';

/**
 * The transaction's hold on its organization. It has to be the first statement, and a write: that
 * locks the row on every engine, and on SQLite a transaction that read first cannot wait for its turn
 * (SQLITE_BUSY_SNAPSHOT).
 */
export interface OrganizationLock {
  /** Takes hold, unless it is held. */
  hold(): Promise<void>;
  /** Takes hold by a write to the organization's row that has to be made anyway; it tells the time-out. */
  holdBy<T>(write: () => Promise<T>): Promise<T>;
}

const touch = statement((session: SqlSession, given: Given<{ readonly orgId: string }>) =>
  session.db
    .updateTable('oum_organization')
    .set(({ eb }) => ({ revision: eb('revision', '+', sql.lit(1)) }))
    .where('id', '=', given.one('orgId'))
    .$call(withLockTimeout(session, given.lockTimeoutMs())),
);

/** The lock of one transaction on one organization. */
export function createOrganizationLock(session: SqlSession, orgId: string): OrganizationLock {
  let held = false;
  return {
    async hold() {
      if (held) return;
      held = true;
      await touch(session, { orgId });
    },
    async holdBy(write) {
      held = true;
      return write();
    },
  };
}
