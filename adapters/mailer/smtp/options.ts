import { checkOptions, type OptionRules } from '../../../src/access/check-options.ts';
import { hasMethods } from '../../../src/access/option-rules.ts';
import { ownFields } from '../../../src/access/own-fields.ts';
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
  readonly route:
    | { readonly url: string; readonly transport: undefined }
    | { readonly transport: SmtpTransport };
}

const isServer = (value: unknown) => typeof value === 'string' && /^smtps?:\/\/\S+$/i.test(value);

/** The rules; a server is needed unless there is a transport, and then there is none. */
const rulesFor = ({ transport }: SmtpMailerOptions): OptionRules<SmtpMailerOptions> => ({
  from: {
    holds: (value) => parseSender(value) !== undefined,
    message: 'must be `Name <address>` or an address, on one line',
    required: true,
  },
  url: {
    holds: (value) => transport === undefined && isServer(value),
    message:
      'must start with smtp:// or smtps:// and hold no space; exactly one of `url` and `transport` is needed',
    required: transport === undefined,
  },
  transport: hasMethods('sendMail'),
});

/** Checks the options. Throws `invalid_options`; no issue repeats a value, as `url` holds a password. */
export function parseSmtpOptions(options: SmtpMailerOptions): SmtpSettings {
  const rules = rulesFor(ownFields(options, ['transport']));
  const { from, url = '', transport } = checkOptions(options, rules, {});
  const sender = parseSender(from);
  if (!sender) throw new Error('the rules let nothing else through');
  return Object.freeze({ from: sender, route: transport ? { transport } : { url, transport } });
}
