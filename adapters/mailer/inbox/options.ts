import { OrgUserManagerError } from '../../../src/index.ts';
import { unknownOptions } from '../unknown-options.ts';

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

const defaults = { capacity: 500, now: () => Date.now(), allowInProduction: false };

/** Checks the options and fills in the defaults. Throws `invalid_options`. */
export function parseInboxOptions(options: InboxMailerOptions): InboxSettings {
  const issues = unknownOptions(options, Object.keys(defaults));
  const {
    capacity = defaults.capacity,
    now = defaults.now,
    allowInProduction = defaults.allowInProduction,
  } = options;
  if (!Number.isSafeInteger(capacity) || capacity < 1) {
    issues.push({ path: 'capacity', message: 'must be an integer from 1' });
  }
  if (typeof now !== 'function') issues.push({ path: 'now', message: 'must be a function' });
  const { NODE_ENV } = process.env;
  if (NODE_ENV === 'production' && allowInProduction !== true) {
    issues.push({
      path: 'allowInProduction',
      message:
        'must be true when NODE_ENV is production: everyone who reaches the inbox can use every invitation. Use smtpMailer()',
    });
  }
  if (issues.length > 0) throw new OrgUserManagerError('invalid_options', { issues });
  return Object.freeze({ capacity, now });
}
