import * as z from 'zod/mini';
import { toIssues } from './access/parse-input.ts';
import { OrgUserManagerError } from './errors/index.ts';
import type { Clock } from './ports/clock.ts';
import type { Mailer } from './ports/mailer.ts';
import type { RandomSource } from './ports/random-source.ts';
import type { RateLimitStore } from './ports/rate-limit-store.ts';
import type { Storage } from './ports/storage.ts';
import { systemClock } from './system/system-clock.ts';
import { systemRandom } from './system/system-random.ts';

/** What `new OrgUserManager()` takes. Parsed once; unknown keys are refused. */
export interface OrgUserManagerOptions {
  /** Where everything is kept, such as `sqliteStorage({ filename })`. */
  readonly storage: Storage;
  /** Sends the invitation mails, such as `smtpMailer({ … })`. */
  readonly mailer: Mailer;
  /**
   * Signs invite links and page cursors: at least 32 bytes, random, kept outside the database.
   * A list rotates it: the first signs, all verify.
   */
  readonly secret: string | readonly string[];
  /**
   * Public URL under which the HTTP handler is mounted, such as `https://app.example.com/org`.
   * Links are built from it, never from a request.
   */
  readonly baseUrl: string;
  /** Counts usage somewhere else than in `storage`. Default: `storage.rateLimits`. */
  readonly rateLimitStore?: RateLimitStore | undefined;
  /** The types of usage that may be consumed, 1 to 100 names. Default: `['request']`. */
  readonly activities?: readonly string[] | undefined;
  /** Whom a member should ask when a limit refuses. Default: the administrator, in general words. */
  readonly contact?: string | ((orgId: string) => string | Promise<string>) | undefined;
  /** How long an invitation lives, in milliseconds, at most 30 days. Default: 7 days. */
  readonly inviteTtlMs?: number | undefined;
  /** Shortest time between two mails of one invitation, in milliseconds. Default: 60 seconds. */
  readonly resendCooldownMs?: number | undefined;
  /** Most pending invitations of an organization; `null` = no limit. Default: 1,000. */
  readonly pendingInvitationLimit?: number | null | undefined;
  /** Most addresses in one `inviteMany`. Default: 500. */
  readonly bulkAddressLimit?: number | undefined;
  /** Most characters in one `bulkExtract`. Default: 262,144. */
  readonly bulkTextLimit?: number | undefined;
  /** Told of errors that have no caller: in listeners and in mail delivery. Default: nobody. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Time. Default: the system's. */
  readonly clock?: Clock | undefined;
  /** Random bytes. Default: the system's secure ones. */
  readonly random?: RandomSource | undefined;
}

const dayMs = 24 * 60 * 60 * 1000;
const maxInviteTtlMs = 30 * dayMs;

const defaults = {
  activities: ['request'],
  contact: 'Contact your organization administrator.',
  inviteTtlMs: 7 * dayMs,
  resendCooldownMs: 60 * 1000,
  pendingInvitationLimit: 1000,
  bulkAddressLimit: 500,
  bulkTextLimit: 256 * 1024,
  onError: () => undefined,
};

const integer = (min: number, max: number) =>
  z
    .number('must be an integer')
    .check(
      z.refine(
        (value) => Number.isSafeInteger(value) && value >= min && value <= max,
        `must be an integer from ${min} to ${max}`,
      ),
    );

// Short or repetitive values are placeholders, not secrets.
const isSecret = (secret: string) => Buffer.byteLength(secret) >= 32 && new Set(secret).size >= 8;

const secretSchema = z
  .string('must be a string or a list of strings')
  .check(z.refine(isSecret, 'must be at least 32 random bytes'));

const isBaseUrl = (text: string) => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && !url.search && !url.hash;
};

const hasMethods = (...names: readonly string[]) =>
  z.custom<object>(
    (value) => names.every((name) => typeof Object(value)[name] === 'function'),
    `must be an object with ${names.map((name) => `${name}()`).join(', ')}`,
  );

const callback = z.custom<object>((value) => typeof value === 'function', 'must be a function');

const schema = z.strictObject({
  storage: hasMethods('transaction', 'load', 'migrate', 'close'),
  mailer: hasMethods('send'),
  secret: z.union(
    [secretSchema, z.array(secretSchema).check(z.minLength(1))],
    'must be at least 32 random bytes, or a list of such secrets',
  ),
  baseUrl: z
    .string('must be the URL where the handler is mounted')
    .check(z.refine(isBaseUrl, 'must be an absolute http or https URL without query or fragment')),
  rateLimitStore: z.optional(hasMethods('consume', 'get')),
  activities: z.optional(
    z
      .array(
        z
          .string('must be a string')
          .check(z.regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, 'must be a name of 1 to 64 characters')),
        'must be a list of names',
      )
      .check(
        z.refine((names) => names.length >= 1 && names.length <= 100, 'must hold 1 to 100 names'),
        z.refine((names) => new Set(names).size === names.length, 'must not repeat a name'),
      ),
  ),
  contact: z.optional(z.union([z.string(), callback], 'must be a text or a function')),
  inviteTtlMs: z.optional(integer(1000, maxInviteTtlMs)),
  resendCooldownMs: z.optional(integer(0, dayMs)),
  pendingInvitationLimit: z.optional(z.nullable(integer(1, Number.MAX_SAFE_INTEGER))),
  bulkAddressLimit: z.optional(integer(1, 10_000)),
  bulkTextLimit: z.optional(integer(1, 16 * 1024 * 1024)),
  onError: z.optional(callback),
  clock: z.optional(hasMethods('now', 'schedule')),
  random: z.optional(callback),
});

type WithoutGaps<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** The options with every default filled in, and without the secrets. */
export interface Settings extends Omit<WithoutGaps<OrgUserManagerOptions>, 'secret' | 'contact'> {
  readonly contact: (orgId: string) => string | Promise<string>;
}

/** Settings, and the secrets beside them, for the few places that need those. */
export interface ParsedOptions extends Settings {
  readonly secrets: readonly [string, ...string[]];
}

/** Checks the options and fills in the defaults. Throws `invalid_options`. */
export function parseOptions(options: OrgUserManagerOptions): ParsedOptions {
  const result = z.safeParse(schema, options);
  if (!result.success) {
    throw new OrgUserManagerError('invalid_options', { issues: toIssues(result.error) });
  }
  const {
    storage,
    mailer,
    baseUrl,
    rateLimitStore = storage.rateLimits,
    activities = defaults.activities,
    contact = defaults.contact,
    secret,
    ...rest
  } = options;
  const {
    inviteTtlMs = defaults.inviteTtlMs,
    resendCooldownMs = defaults.resendCooldownMs,
    pendingInvitationLimit = defaults.pendingInvitationLimit,
    bulkAddressLimit = defaults.bulkAddressLimit,
    bulkTextLimit = defaults.bulkTextLimit,
    onError = defaults.onError,
    clock = systemClock,
    random = systemRandom,
  } = rest;
  const [first = '', ...older] = [secret].flat();
  return Object.freeze({
    storage,
    mailer,
    secrets: [first, ...older] as const,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    rateLimitStore,
    activities: Object.freeze([...activities]),
    contact: typeof contact === 'function' ? contact : () => contact,
    inviteTtlMs,
    resendCooldownMs,
    pendingInvitationLimit,
    bulkAddressLimit,
    bulkTextLimit,
    onError,
    clock,
    random,
  });
}
