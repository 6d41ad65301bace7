import type { OutboxMail } from '../model/outbox-mail.ts';

/** A mail without whatever else the storage keeps of it, such as its claim. */
export function mailFields(mail: OutboxMail): OutboxMail {
  const { orgId, invitationId, number, state, attempts, nextAttemptAt, lastError, createdAt } =
    mail;
  return { orgId, invitationId, number, state, attempts, nextAttemptAt, lastError, createdAt };
}
