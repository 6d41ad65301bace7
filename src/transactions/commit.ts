import type { Context } from '../context.ts';
import type { AuditedEventName, EventMap } from '../events/event-map.ts';
import type { AuditEntry } from '../model/audit-entry.ts';
import type { StorageTransaction } from '../ports/storage.ts';
import { hasOwn } from '../system/has-own.ts';
import { withNewIds } from '../system/new-id.ts';

/** Notes something that happens in the transaction. */
export type RecordEvent = <Name extends AuditedEventName>(
  name: Name,
  event: EventMap[Name],
) => void;

/**
 * Runs `work` in one transaction on the organization. What it records is written to the audit log in
 * that transaction and emitted after the commit, so that neither can be without the other.
 */
export async function commit<T>(
  context: Context,
  orgId: string,
  work: (tx: StorageTransaction, record: RecordEvent) => Promise<T>,
): Promise<T> {
  let entries: readonly AuditEntry[] = [];
  let notes: AuditNote[] = [];
  let emissions: (() => void)[] = [];
  const record: RecordEvent = (name, event) => {
    notes.push(auditNote(name, event));
    emissions.push(() => context.events.emit(name, event));
  };
  const result = await context.storage.transaction(orgId, async (tx) => {
    // The storage may run `work` again after a serialization failure.
    notes = [];
    emissions = [];
    const outcome = await work(tx, record);
    entries = withNewIds(context, notes, (id, note) => ({ id, ...note }));
    if (entries.length > 0) await tx.insertAuditEntries(entries);
    return outcome;
  });
  const [entry] = entries;
  if (entry) {
    context.afterCommit(entry, () => {
      for (const emit of emissions) emit();
    });
  }
  return result;
}

type AuditNote = Omit<AuditEntry, 'id'>;

function auditNote<Name extends AuditedEventName>(action: Name, event: EventMap[Name]): AuditNote {
  const { orgId, at, actor } = event;
  return { orgId, at, actor, action, subject: subjectOf(event), reason: null };
}

function subjectOf(event: EventMap[AuditedEventName]): string {
  if (hasOwn(event, 'invitationId')) return event.invitationId;
  return hasOwn(event, 'userId') ? event.userId : event.orgId;
}
