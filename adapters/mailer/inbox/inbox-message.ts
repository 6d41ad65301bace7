/** One mail that the inbox took. */
export interface InboxMessage {
  /** Counts up from `1`, for as long as the inbox lives. */
  readonly id: string;
  /** The recipient's address. */
  readonly to: string;
  /** One line of plain text. */
  readonly subject: string;
  /** The plain-text body. */
  readonly text: string;
  /** The HTML body, as it would have been sent. */
  readonly html: string;
  /** Angle brackets included; repeated when the same mail was sent again. */
  readonly messageId: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** The http and https links of the HTML body, in order, each once. */
  readonly links: readonly string[];
}
