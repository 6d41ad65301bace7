import { checkOptions, type OptionRules } from '../../../src/access/check-options.ts';
import { isProduction } from '../../../src/access/is-production.ts';
import { callback, integer, oneOf } from '../../../src/access/option-rules.ts';
import { OrgUserManagerError } from '../../../src/index.ts';

/** What `inboxMailer()` takes. */
export interface InboxMailerOptions {
  /** Most mails kept; the oldest one is dropped for a new one. Default: 500. */
  readonly capacity?: number | undefined;
  /** The time in epoch milliseconds. Default: the system's. */
  readonly now?: (() => number) | undefined;
  /**
   * Whether it may be constructed while `NODE_ENV` is `production`. Everyone who reaches the page
   * can use every invitation. Default: false.
   */
  readonly allowInProduction?: boolean | undefined;
}

/** The options with every default filled in. */
export interface InboxSettings {
  readonly capacity: number;
  readonly now: () => number;
}

const rules: OptionRules<InboxMailerOptions> = {
  capacity: integer(1, Number.MAX_SAFE_INTEGER),
  now: callback,
  allowInProduction: oneOf(true, false),
};

/** Checks the options and fills in the defaults. Throws `invalid_options`. */
export function parseInboxOptions(options: InboxMailerOptions): InboxSettings {
  const { capacity, now, allowInProduction } = checkOptions(options, rules, {
    capacity: 500,
    now: () => Date.now(),
    allowInProduction: false,
  });
  if (isProduction() && !allowInProduction) {
    const message =
      'must be true when NODE_ENV is production: everyone who reaches the inbox can use every invitation. Use smtpMailer()';
    throw new OrgUserManagerError('invalid_options', {
      issues: [{ path: 'allowInProduction', message }],
    });
  }
  return Object.freeze({ capacity, now });
}
