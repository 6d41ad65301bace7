/**
 * How far a mail has come: `queued` waits for its first or next attempt, `sent` was taken by the
 * mailer, `failed` was given up, `cancelled` lost its reason (the invitation ended first).
 */
export type DeliveryState = 'queued' | 'sent' | 'failed' | 'cancelled';

/** One mail to send, as stored. It names its invitation; the link is derived when it is sent. */
export interface OutboxMail {
  /** Also the first part of the Message-ID, so that repeats can be recognised. */
  readonly id: string;
  readonly orgId: string;
  readonly invitationId: string;
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
