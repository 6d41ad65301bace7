import type { StorageReader, StorageTransaction } from '../../../src/index.ts';
import { runWrite } from '../../sql/run-write.ts';
import { answers } from './answers.ts';
import { inChunks } from './in-chunks.ts';
import { rowInserter } from './insert-rows.ts';
import { invitationWrites } from './invitation-writes.ts';
import { memberWrites } from './member-writes.ts';
import { kyselyReader } from './reader.ts';
import { fromAuditEntry, fromMail, fromOrganizationChange } from './rows.ts';
import type { LockedSession } from './session.ts';

const insertMails = rowInserter('oum_mail');
const insertAuditEntries = rowInserter('oum_audit_entry');

/** What one transaction on an organization may do; whatever comes first takes the lock. */
export function kyselyTransaction(session: LockedSession): StorageTransaction {
  const { db, lock } = session;
  return {
    ...lockedReader(session),
    ...memberWrites(session),
    ...invitationWrites(session),
    ...answers(session),
    async updateOrganization(organization) {
      await lock.hold();
      const change = db
        .updateTable('oum_organization')
        .set(fromOrganizationChange(organization))
        .where('id', '=', organization.orgId);
      await runWrite(session, change);
    },
    async insertMails(mails) {
      await lock.hold();
      for (const some of inChunks(mails)) {
        await insertMails(session, some.map(fromMail));
      }
    },
    async insertAuditEntries(entries) {
      await lock.hold();
      for (const some of inChunks(entries)) {
        await insertAuditEntries(session, some.map(fromAuditEntry));
      }
    },
  };
}

function lockedReader(session: LockedSession): StorageReader {
  const { lock } = session;
  const reader = kyselyReader(session);
  return {
    load: (query) => lock.hold().then(() => reader.load(query)),
    findInvitation: (id) => lock.hold().then(() => reader.findInvitation(id)),
    listMembers: (query) => lock.hold().then(() => reader.listMembers(query)),
    listInvitations: (query) => lock.hold().then(() => reader.listInvitations(query)),
    countLimits: (orgId) => lock.hold().then(() => reader.countLimits(orgId)),
  };
}
