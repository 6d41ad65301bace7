import type { MailAddress } from './sender.ts';

/** A mail as nodemailer's `sendMail` takes it. */
export interface SmtpMail {
  /** The sender of the options. */
  readonly from: MailAddress;
  /** The one recipient. */
  readonly to: MailAddress;
  /** One line of plain text. */
  readonly subject: string;
  /** The body for readers without HTML. */
  readonly text: string;
  /** The same body as a whole HTML document. */
  readonly html: string;
  /** With angle brackets, the same at every attempt. */
  readonly messageId: string;
}

/** The one method needed of a nodemailer transporter. */
export interface SmtpTransport {
  /** Resolves when the server has taken the mail over, rejects when it has not. */
  sendMail(mail: SmtpMail): Promise<unknown>;
}
