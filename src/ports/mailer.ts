/** One mail, ready to send. Both bodies say the same. */
export interface MailMessage {
  /** One plain address, `local@domain`, already validated; hand it on as it is, never as a list. */
  readonly to: string;
  /** One line; holds no line break. */
  readonly subject: string;
  /** The plain-text body. */
  readonly text: string;
  /** The HTML body; everything a person typed is escaped in it. */
  readonly html: string;
  /**
   * The same for every attempt at the same mail, so that a receiver can drop a repetition
   * (RFC 5322, section 3.6.4). Angle brackets included.
   */
  readonly messageId: string;
}

/**
 * Hands mails to whatever delivers them.
 *
 * Contract: resolve once the mail is taken over; reject when it is not, with an error whose message
 * an admin may read (it is shown in the pending table, cut to 200 characters). Delivery is
 * at-least-once: after a crash the same `messageId` may come again. Never throw synchronously,
 * never keep the body in a log: it holds the invite link.
 */
export interface Mailer {
  /** Sends one mail. */
  send(message: MailMessage): Promise<void>;
  /** Releases connections. Called by `manager.close()`. */
  close?(): Promise<void>;
}
