import { checkOptions, type OptionRules } from '../../../src/access/check-options.ts';
import { isProduction } from '../../../src/access/is-production.ts';
import { callback } from '../../../src/access/option-rules.ts';
import { type Mailer, OrgUserManagerError } from '../../../src/index.ts';

/** What `consoleMailer()` takes. */
export interface ConsoleMailerOptions {
  /** Takes one line without its line break. Default: writes it to the process's standard output. */
  readonly print?: ((line: string) => void) | undefined;
}

/**
 * A mailer for development that shows each mail instead of sending it: its recipient, its subject
 * and its text, invite link included. Anyone who can read the output can use the link.
 *
 * Throws `invalid_options` for an unknown option, for a `print` that is no function, and when
 * `NODE_ENV` is `production` while `print` is left out: links do not belong in a log.
 *
 * @example
 * const manager = new OrgUserManager({ storage, secret, baseUrl, mailer: consoleMailer() });
 */
export function consoleMailer(options: ConsoleMailerOptions = {}): Mailer {
  const print = parsePrint(options);
  return {
    async send({ to, subject, text }) {
      const lines = ['', `To: ${to}`, `Subject: ${subject}`, '', ...text.trimEnd().split('\n'), ''];
      lines.forEach((line) => {
        print(line);
      });
    },
  };
}

function parsePrint(options: ConsoleMailerOptions): (line: string) => void {
  const { print } = checkOptions(options, rules, { print: printToStandardOutput });
  if (isProduction() && print === printToStandardOutput) {
    const message =
      'is needed when NODE_ENV is production: mails hold invite links, which do not belong in a log. Use smtpMailer()';
    throw new OrgUserManagerError('invalid_options', { issues: [{ path: 'print', message }] });
  }
  return print;
}

const rules: OptionRules<ConsoleMailerOptions> = { print: callback };

function printToStandardOutput(line: string): void {
  process.stdout.write(`${line}\n`);
}
