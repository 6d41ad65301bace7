import type { DeliveryState, MailKey, OutboxMail } from '../model/outbox-mail.ts';

/** What became of one attempt. */
export interface DeliveryOutcome {
  /** `queued` to try again, otherwise final. */
  readonly state: DeliveryState;
  /** What the mailer said, at most 200 characters; `null` when sent. */
  readonly lastError: string | null;
  /** Earliest time of the next attempt, epoch milliseconds; counts only while `queued`. */
  readonly nextAttemptAt: number;
}

/**
 * Mails waiting to be sent.
 *
 * Contract: a mail is claimed by one caller at a time. A claim is a lease: when its holder dies,
 * the mail can be claimed again once the lease has run out, so nothing is lost and, in that window,
 * a mail may be sent twice.
 */
export interface Outbox {
  /**
   * Claims up to `limit` queued mails that are due at `now`, oldest first, until `leaseUntil`, and
   * counts the attempt.
   */
  claim(lease: {
    readonly claimId: string;
    readonly now: number;
    readonly leaseUntil: number;
    readonly limit: number;
  }): Promise<readonly OutboxMail[]>;
  /** Records an attempt's outcome, if the claim is still held. */
  settle(mail: MailKey, claimId: string, outcome: DeliveryOutcome): Promise<void>;
  /** When the next queued mail is due (or its lease ends), or undefined when none is queued. */
  nextDueAt(): Promise<number | undefined>;
}
