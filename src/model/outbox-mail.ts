/**
 * How far a mail has come: `queued` waits for its first or next attempt, `sent` was taken by the
 * mailer, `failed` was given up, `cancelled` lost its reason (the invitation ended first).
 */
export type DeliveryState = 'queued' | 'sent' | 'failed' | 'cancelled';

/**
 * One mail to send, as stored. It names its invitation; the link is derived when it is sent. Invitation
 * and number are its key, and the first part of its Message-ID, so that repeats can be recognised.
 */
export interface OutboxMail {
  readonly orgId: string;
  readonly invitationId: string;
  /** Which one of its invitation, from 1 on: the invitation's `sendCount` when it was asked for. */
  readonly number: number;
  /** How far it has come. */
  readonly state: DeliveryState;
  /** Attempts so far; a claim counts as one. */
  readonly attempts: number;
  /** Earliest time of the next attempt, epoch milliseconds. */
  readonly nextAttemptAt: number;
  /** What the mailer said at the last failed attempt, at most 200 characters. */
  readonly lastError: string | null;
  /** When the mail was asked for, epoch milliseconds. */
  readonly createdAt: number;
}

/** What tells a mail from all others. */
export type MailKey = Pick<OutboxMail, 'invitationId' | 'number'>;
