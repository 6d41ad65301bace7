import { checkOptions, type OptionRules } from './access/check-options.ts';
import { isLoopback, isPlainBaseUrl, normalBaseUrl } from './access/is-base-url.ts';
import { isProduction } from './access/is-production.ts';
import { isSecret, secretRule } from './access/is-secret.ts';
import { callback, hasMethods, integer, oneOf } from './access/option-rules.ts';
import { ownFields } from './access/own-fields.ts';
import { type InputIssue, OrgUserManagerError } from './errors/index.ts';
import type { StoreErrorPolicy } from './model/store-error-policy.ts';
import type { Clock } from './ports/clock.ts';
import type { Mailer } from './ports/mailer.ts';
import type { OnError } from './ports/on-error.ts';
import type { RandomSource } from './ports/random-source.ts';
import type { RateLimitStore } from './ports/rate-limit-store.ts';
import type { Storage } from './ports/storage.ts';
import { isolateOnError, warnOfError } from './system/report-errors.ts';
import { systemClock } from './system/system-clock.ts';
import { systemRandom } from './system/system-random.ts';

/**
 * What `new OrgUserManager()` takes. Parsed once; unknown keys are refused. Own properties are read, and
 * only those: an option that an object inherits, such as the getter of its class, is absent.
 */
export interface OrgUserManagerOptions {
  /** Where everything is kept, such as `sqliteStorage({ filename })`. */
  readonly storage: Storage;
  /** Sends the invitation mails, such as `smtpMailer({ … })`. */
  readonly mailer: Mailer;
  /**
   * Signs invite links, plans, reservations and page cursors: at least 32 bytes, random, kept outside the database.
   * `openssl rand -base64 32` makes one. Of decimal digits it takes 40. A list rotates it: the first signs, all verify.
   */
  readonly secret: string | readonly string[];
  /**
   * Public URL under which the HTTP handler is mounted, such as `https://app.example.com/org`.
   * Links are built from it, never from a request. While `NODE_ENV` is `production` it begins with
   * `https://`, unless its host is this machine.
   */
  readonly baseUrl: string;
  /** Whether `baseUrl` may begin with `http://` in production: anyone on the way can read links. Default: false. */
  readonly allowInsecureBaseUrl?: boolean | undefined;
  /** Counts usage somewhere else than in `storage`. Default: `storage.rateLimits`. */
  readonly rateLimitStore?: RateLimitStore | undefined;
  /**
   * What happens to charges while `rateLimitStore` cannot be asked; required with one, and nothing else
   * than `closed` without: what is counted in the storage stops with it.
   */
  readonly onStoreError?: StoreErrorPolicy | undefined;
  /**
   * Longest wait for one call of `rateLimitStore`, in milliseconds, at most 10 minutes. Default: 250.
   * Counters in the storage have the storage's deadline.
   */
  readonly rateLimitDeadlineMs?: number | undefined;
  /** The types of usage that may be consumed, 1 to 100 names. Default: `['request']`. */
  readonly activities?: readonly string[] | undefined;
  /**
   * Shares of a limit, in percent from 1 to 100, at which `usage.threshold_reached` is told; at most
   * 10. Default: `[80, 100]`.
   */
  readonly usageThresholdPercents?: readonly number[] | undefined;
  /**
   * Whom a member should ask when a limit refuses; a function is waited for as long as the storage.
   * Default: the administrator, in general words.
   */
  readonly contact?: string | ((orgId: string) => string | Promise<string>) | undefined;
  /**
   * Longest wait for one call of the storage, in milliseconds, at most 10 minutes; then the call
   * throws `unavailable`. Changes of one organization take turns: waiting for them counts, too.
   * Default: 2 seconds.
   */
  readonly storageDeadlineMs?: number | undefined;
  /** How long an invitation lives, in milliseconds, at most 30 days. Default: 7 days. */
  readonly inviteTtlMs?: number | undefined;
  /** Shortest time between two mails of one invitation, in milliseconds. Default: 60 seconds. */
  readonly resendCooldownMs?: number | undefined;
  /** Most pending invitations of an organization; `null` = no limit. Default: 1,000. */
  readonly pendingInvitationLimit?: number | null | undefined;
  /** Most addresses in one `inviteMany`. Default: 500. */
  readonly bulkAddressLimit?: number | undefined;
  /** Most characters in one `bulkExtract`, and in all addresses of one `inviteMany`. Default: 262,144. */
  readonly bulkTextLimit?: number | undefined;
  /**
   * The top-level domains that may be invited: the delegated ones, any, or exactly these lower-case
   * A-labels, such as `[...ianaTlds(), 'internal']`, at most 10,000. Default: `'iana'`.
   */
  readonly tlds?: 'iana' | 'any' | readonly string[] | ReadonlySet<string> | undefined;
  /**
   * Receives errors that have no caller, such as those of listeners, mail delivery and answers of 500
   * and above. What was thrown and is no `Error` is the `cause` of an `internal` one. May be async. When it fails itself, one process warning says so. Default: a process
   * warning that names the class and code of the error only.
   */
  readonly onError?: OnError | undefined;
  /** Time. Default: the system's. */
  readonly clock?: Clock | undefined;
  /** Random bytes. Default: the system's secure ones. */
  readonly random?: RandomSource | undefined;
}

const dayMs = 24 * 60 * 60 * 1000;

/** What stands for an option that is not given. */
export const defaults = {
  storageDeadlineMs: 2000,
  rateLimitDeadlineMs: 250,
  activities: ['request'],
  usageThresholdPercents: [80, 100],
  contact: 'Contact your organization administrator.',
  inviteTtlMs: 7 * dayMs,
  resendCooldownMs: 60 * 1000,
  pendingInvitationLimit: 1000,
  bulkAddressLimit: 500,
  bulkTextLimit: 256 * 1024,
  tlds: 'iana',
  onError: warnOfError,
  clock: systemClock,
  random: systemRandom,
  allowInsecureBaseUrl: false,
} as const;

const isName = (value: unknown) =>
  typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(value);

const isTld = (value: unknown) =>
  typeof value === 'string' && /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/.test(value);

const isListOf = (value: unknown, most: number, holds: (item: unknown) => boolean) =>
  Array.isArray(value) && value.length >= 1 && value.length <= most && value.every(holds);

const isStoreErrorPolicy = (value: unknown) => {
  if (value === 'closed' || value === 'open') return true;
  const { boundedOpen, ...unknown } = ownFields(Object(value), ['boundedOpen']);
  return integer(1, Number.MAX_SAFE_INTEGER).holds(boundedOpen) && isEmpty(unknown);
};

const isEmpty = (value: object) => Object.keys(value).length === 0;

const baseUrlRule = (value: unknown) => {
  const normal = normalBaseUrl(value);
  if (normal !== undefined) return `must be written as ${normal}`;
  return 'must be an absolute http or https URL with a plain path, without query, fragment and credentials';
};

const rules: OptionRules<OrgUserManagerOptions> = {
  storage: { ...hasMethods('transaction', 'load', 'migrate', 'close'), required: true },
  mailer: { ...hasMethods('send'), required: true },
  secret: {
    holds: (value) => isSecret(value) || isListOf(value, 20, isSecret),
    message: secretRule,
    required: true,
  },
  baseUrl: {
    holds: isPlainBaseUrl,
    message: baseUrlRule,
    required: true,
  },
  allowInsecureBaseUrl: oneOf(true, false),
  rateLimitStore: hasMethods('consume', 'get'),
  onStoreError: {
    holds: isStoreErrorPolicy,
    message: "must be 'closed', 'open' or { boundedOpen: units }",
  },
  rateLimitDeadlineMs: integer(1, 10 * 60 * 1000),
  activities: {
    holds: (value) =>
      isListOf(value, 100, isName) && new Set(Object(value)).size === Object(value).length,
    message: 'must be a list of 1 to 100 different names of letters, digits and _ . -',
  },
  usageThresholdPercents: {
    holds: (value) =>
      (Array.isArray(value) && value.length === 0) ||
      (isListOf(value, 10, integer(1, 100).holds) &&
        new Set(Object(value)).size === Object(value).length),
    message: 'must be a list of at most 10 different integers from 1 to 100',
  },
  contact: {
    holds: (value) => typeof value === 'string' || typeof value === 'function',
    message: 'must be a text or a function',
  },
  storageDeadlineMs: integer(1, 10 * 60 * 1000),
  inviteTtlMs: integer(1000, 30 * dayMs),
  resendCooldownMs: integer(0, dayMs),
  pendingInvitationLimit: {
    holds: (value) => value === null || integer(1, Number.MAX_SAFE_INTEGER).holds(value),
    message: 'must be an integer of at least 1, or null',
  },
  bulkAddressLimit: integer(1, 10_000),
  bulkTextLimit: integer(1, 16 * 1024 * 1024),
  tlds: {
    holds: (value) =>
      value === 'iana' ||
      value === 'any' ||
      isListOf(value instanceof Set ? [...value] : value, 10_000, isTld),
    message: "must be 'iana', 'any' or a list of lower-case A-labels",
  },
  onError: callback,
  clock: hasMethods('now', 'schedule'),
  random: callback,
};

type WithoutGaps<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** The options with every default filled in, and without the secrets. */
export interface Settings
  extends Omit<WithoutGaps<OrgUserManagerOptions>, 'secret' | 'tlds' | 'allowInsecureBaseUrl'> {
  /** The top-level domains that may be invited. */
  readonly tlds: 'iana' | 'any' | ReadonlySet<string>;
}

/** Settings, and the secrets beside them, for the few places that need those. */
export interface ParsedOptions extends Settings {
  readonly secrets: readonly [string, ...string[]];
}

/** Checks the options and fills in the defaults. Throws `invalid_options`. */
export function parseOptions(options: OrgUserManagerOptions): ParsedOptions {
  const parsed = checkOptions(options, rules, defaults);
  const { storage, secret, allowInsecureBaseUrl: _, ...given } = parsed;
  const { baseUrl, rateLimitStore = storage.rateLimits, onStoreError, activities, tlds } = given;
  const issues = [
    ...checkTransport(parsed),
    ...checkStoreErrorPolicy(rateLimitStore !== storage.rateLimits, onStoreError),
  ];
  if (issues.length > 0) throw new OrgUserManagerError('invalid_options', { issues });
  const [first = '', ...older] = [secret].flat();
  return {
    ...given,
    storage,
    secrets: [first, ...older] as const,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    rateLimitStore,
    onStoreError: onStoreError ?? 'closed',
    activities: Object.freeze([...activities]),
    usageThresholdPercents: Object.freeze([...given.usageThresholdPercents]),
    tlds: typeof tlds === 'string' ? tlds : new Set(tlds),
    onError: isolateOnError(given.onError),
  };
}

/** Who can read a link on its way can use it. */
function checkTransport({
  baseUrl,
  allowInsecureBaseUrl,
}: Pick<OrgUserManagerOptions, 'baseUrl' | 'allowInsecureBaseUrl'>): readonly InputIssue[] {
  const { protocol, hostname } = new URL(baseUrl);
  if (!isProduction() || protocol === 'https:' || isLoopback(hostname)) return [];
  if (allowInsecureBaseUrl) return [];
  const message =
    'must begin with https:// when NODE_ENV is production, or allowInsecureBaseUrl must be true';
  return [{ path: 'baseUrl', message }];
}

/** With a store of their own, applications have to choose; without one, there is nothing to choose. */
function checkStoreErrorPolicy(
  countsElsewhere: boolean,
  policy: StoreErrorPolicy | undefined,
): readonly InputIssue[] {
  if (countsElsewhere ? policy !== undefined : (policy ?? 'closed') === 'closed') return [];
  const message = countsElsewhere
    ? "is required with a rateLimitStore: 'closed', 'open' or { boundedOpen: units }"
    : "must be 'closed' without a rateLimitStore";
  return [{ path: 'onStoreError', message }];
}
