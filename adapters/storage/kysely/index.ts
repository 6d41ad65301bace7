import type { Kysely } from 'kysely';
import type { Storage, StorageReader } from '../../../src/index.ts';
import { sqlRateLimitStore } from '../../rate-limit/sql/index.ts';
import { listInvitations, listMembers } from './lists.ts';
import { load } from './load.ts';
import { migrateToLatest } from './migrations/index.ts';
import { kyselyOutbox } from './outbox.ts';
import { toInvitation } from './rows.ts';
import type { Tables } from './tables.ts';
import { kyselyTransaction } from './transaction.ts';

/** The storage over one Kysely instance, which it owns: `close()` destroys it. */
export function kyselyStorage(db: Kysely<Tables>): Storage {
  return {
    ...kyselyReader(db),
    transaction: (orgId, work) =>
      db.transaction().execute(async (trx) => {
        // A write first: it takes the organization's lock on every engine, and on SQLite a
        // transaction that read first cannot wait for its turn (SQLITE_BUSY_SNAPSHOT).
        await trx
          .updateTable('oum_organization')
          .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
          .where('id', '=', orgId)
          .execute();
        return work(kyselyTransaction(trx, kyselyReader(trx)));
      }),
    outbox: kyselyOutbox(db),
    rateLimits: sqlRateLimitStore(db),
    migrate: () => migrateToLatest(db),
    close: () => db.destroy(),
  };
}

function kyselyReader(db: Kysely<Tables>): StorageReader {
  return {
    load: (query) => load(db, query),
    async findInvitation(selector) {
      const row = await db
        .selectFrom('oum_invitation')
        .selectAll()
        .where('selector', '=', selector)
        .executeTakeFirst();
      return row && toInvitation(row);
    },
    listMembers: (query) => listMembers(db, query),
    listInvitations: (query) => listInvitations(db, query),
  };
}
