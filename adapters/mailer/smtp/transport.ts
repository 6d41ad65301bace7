import type { MailAddress } from './sender.ts';

/** A mail as nodemailer's `sendMail` takes it. */
export interface SmtpMail {
  readonly from: MailAddress;
  readonly to: MailAddress;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
}

/** The one method needed of a nodemailer transporter. */
export interface SmtpTransport {
  /** Resolves when the server has taken the mail over, rejects when it has not. */
  sendMail(mail: SmtpMail): Promise<unknown>;
}
