import type { OutboxMail } from '../model/outbox-mail.ts';

/** A mail without whatever else the storage keeps of it, such as its claim. */
export function mailFields(mail: OutboxMail): OutboxMail {
  const { id, orgId, invitationId, state, attempts, nextAttemptAt, lastError, createdAt } = mail;
  return { id, orgId, invitationId, state, attempts, nextAttemptAt, lastError, createdAt };
}
