import type { Transaction } from 'kysely';
import type { StorageReader, StorageTransaction } from '../../../src/index.ts';
import { inChunks } from './in-chunks.ts';
import { invitationWrites } from './invitation-writes.ts';
import { memberWrites } from './member-writes.ts';
import { fromMail } from './rows.ts';
import type { Tables } from './tables.ts';

/** The writes of one transaction, which already holds the organization's row. */
export function kyselyTransaction(
  trx: Transaction<Tables>,
  reader: StorageReader,
): StorageTransaction {
  return {
    ...reader,
    ...memberWrites(trx),
    ...invitationWrites(trx),
    async insertMails(mails) {
      for (const some of inChunks(mails)) {
        await trx.insertInto('oum_mail').values(some.map(fromMail)).execute();
      }
    },
    async insertAuditEntries(entries) {
      for (const some of inChunks(entries)) {
        await trx
          .insertInto('oum_audit_entry')
          .values(some.map(({ orgId, ...entry }) => ({ ...entry, org_id: orgId })))
          .execute();
      }
    },
  };
}
