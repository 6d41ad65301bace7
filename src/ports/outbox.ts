import type { DeliveryState, MailKey, OutboxMail } from '../model/outbox-mail.ts';
import type { Caller } from './caller.ts';

/** What became of one attempt. */
export interface DeliveryOutcome {
  /** `queued` to try again, otherwise final. */
  readonly state: DeliveryState;
  /** What the mailer said, at most 200 characters; `null` when sent. */
  readonly lastError: string | null;
  /** Earliest time of the next attempt, epoch milliseconds; counts only while `queued`. */
  readonly nextAttemptAt: number;
}

/** A process's claim on mails that are due. */
export interface MailLease {
  /** Names the claim. */
  readonly claimId: string;
  /** The time now, epoch milliseconds. */
  readonly now: number;
  /** When others may claim the mails, epoch milliseconds. */
  readonly leaseUntil: number;
  /** The number of mails to claim at most. */
  readonly limit: number;
  /** For how long the database waits for locks. Default: as long as it takes. */
  readonly caller?: Caller | undefined;
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
   * counts the attempt. It passes over mails that a transaction has locked, where the database can. The
   * `caller` says for how long to wait for the rest; default: for as long as it takes.
   */
  claim(lease: MailLease): Promise<readonly OutboxMail[]>;
  /** Records an attempt's outcome, if the claim is still held. */
  settle(mail: MailKey, claimId: string, outcome: DeliveryOutcome): Promise<void>;
  /** When the next queued mail is due (or its lease ends), or undefined when none is queued. */
  nextDueAt(): Promise<number | undefined>;
}
