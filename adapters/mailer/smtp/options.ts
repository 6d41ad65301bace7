import { OrgUserManagerError } from '../../../src/index.ts';
import { unknownOptions } from '../unknown-options.ts';
import { type MailAddress, parseSender } from './sender.ts';
import type { SmtpTransport } from './transport.ts';

/** What `smtpMailer()` takes: a sender, and either the server's URL or a transport of your own. */
export interface SmtpMailerOptions {
  /** The sender, one line: `Acme <no-reply@acme.example.com>` or the address alone. */
  readonly from: string;
  /**
   * The server: `smtp://user:password@mail.example.com:587` (with TLS as soon as the server offers
   * it) or `smtps://…:465` (TLS from the start). Percent-encode special characters in the
   * password. nodemailer's options may follow as a query: `?pool=true` keeps connections open,
   * `?requireTLS=true` refuses to send in the clear. Needs the package `nodemailer`.
   */
  readonly url?: string | undefined;
  /**
   * Used instead of `url`: a transporter made by nodemailer's `createTransport`, or anything with
   * such a `sendMail`. It stays yours: `close()` leaves it open.
   */
  readonly transport?: SmtpTransport | undefined;
}

/** The options, checked. */
export interface SmtpSettings {
  readonly from: MailAddress;
  readonly route: { readonly url: string } | { readonly transport: SmtpTransport };
}

/** Checks the options. Throws `invalid_options`; no issue repeats a value, as `url` holds a password. */
export function parseSmtpOptions(options: SmtpMailerOptions): SmtpSettings {
  const issues = unknownOptions(options, ['from', 'url', 'transport']);
  const from = parseSender(options.from);
  if (from === undefined) {
    issues.push({ path: 'from', message: 'must be `Name <address>` or an address, on one line' });
  }
  const route = parseRoute(options);
  if (typeof route === 'string') issues.push({ path: 'url', message: route });
  if (issues.length > 0 || from === undefined || typeof route === 'string') {
    throw new OrgUserManagerError('invalid_options', { issues });
  }
  return Object.freeze({ from, route });
}

function parseRoute({ url, transport }: SmtpMailerOptions): SmtpSettings['route'] | string {
  if ((url === undefined) === (transport === undefined)) {
    return 'exactly one of `url` and `transport` is needed';
  }
  if (transport !== undefined) {
    return typeof transport?.sendMail === 'function'
      ? { transport }
      : '`transport` must have a method sendMail()';
  }
  return typeof url === 'string' && /^smtps?:\/\/\S+$/i.test(url)
    ? { url }
    : 'must start with smtp:// or smtps:// and hold no space';
}
