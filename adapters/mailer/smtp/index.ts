import type { Mailer } from '../../../src/index.ts';
import { connect, type OwnTransport } from './connect.ts';
import { parseSmtpOptions, type SmtpMailerOptions } from './options.ts';

export type { SmtpMailerOptions } from './options.ts';
export type { SmtpMail, SmtpTransport } from './transport.ts';

/**
 * A mailer that hands mails to an SMTP server through nodemailer, which is loaded at the first
 * mail. A mail counts as sent once the server has accepted it; a refused recipient, a refused login
 * and a server that is down or silent reject with nodemailer's message.
 *
 * Throws `invalid_options` for wrong or unknown options; `send` rejects with it when `url` is given
 * and nodemailer is not installed.
 *
 * @example
 * const mailer = smtpMailer({
 *   url: 'smtp://127.0.0.1:2525',
 *   from: 'Acme <no-reply@acme.example.com>',
 * });
 */
export function smtpMailer(options: SmtpMailerOptions): Mailer {
  const { from, route } = parseSmtpOptions(options);
  let own: Promise<OwnTransport> | undefined;

  function openOnce(url: string): Promise<OwnTransport> {
    own ??= connect(url).catch((error: unknown) => {
      // A bundle may hold nodemailer and not have loaded it yet: the next mail tries again.
      own = undefined;
      throw error;
    });
    return own;
  }

  return {
    async send({ to, subject, text, html, messageId }) {
      const transport = route.transport ?? (await openOnce(route.url));
      // An address in a string would be parsed again, and maybe as several.
      const recipient = { name: '', address: to };
      await transport.sendMail({ from, to: recipient, subject, text, html, messageId });
    },
    async close() {
      const transport = await own?.catch(() => undefined);
      transport?.close();
    },
  };
}
