import type { OptionRules } from '../access/check-options.ts';
import { integer, oneOf } from '../access/option-rules.ts';

/** How usage is told. Every field has a default. */
export interface UsageAnswerOptions {
  /**
   * When answers carry limit headers: `always`; `near` = when at most a fifth of some limit is left;
   * `denied` = with the 429 only; `false` = never, nor `Retry-After` then. Default: `always`.
   */
  readonly headers?: 'always' | 'near' | 'denied' | false | undefined;
  /** Whether `X-RateLimit-*` go with `RateLimit` and `RateLimit-Policy`. Default: `true`. */
  readonly legacyHeaders?: boolean | undefined;
  /** Whether scripts of other origins may read the limit headers (CORS). Default: `false`. */
  readonly exposeHeaders?: boolean | undefined;
  /**
   * What a unit is, if it is not a request, such as `credits`: lower-case letters, digits and `-`.
   * Sent as the parameter `oum-unit` of `RateLimit-Policy`. Default: not sent.
   */
  readonly unit?: string | undefined;
  /** Most random seconds added to `Retry-After`, so that not all come back at once. Default: 0. */
  readonly retryJitterSeconds?: number | undefined;
  /** Longest wait, in milliseconds, that the body calls `retryable`. Default: 60 seconds. */
  readonly retryableWaitMs?: number | undefined;
  /**
   * Where the problem types are described; `#quota-exceeded` or `#temporary-reduced-capacity` follows.
   * Default: `https://iana.org/assignments/http-problem-types`.
   */
  readonly problemTypeBase?: string | undefined;
}

/** The answer options with every default filled in. */
export type UsageAnswerSettings = {
  readonly [Name in keyof UsageAnswerOptions]-?: Exclude<UsageAnswerOptions[Name], undefined>;
};

/** What stands for an answer option that is not given. */
export const answerDefaults: UsageAnswerSettings = {
  headers: 'always',
  legacyHeaders: true,
  exposeHeaders: false,
  unit: '',
  retryJitterSeconds: 0,
  // Longer waits are not worth an automatic retry: some clients hold on for days.
  retryableWaitMs: 60 * 1000,
  problemTypeBase: 'https://iana.org/assignments/http-problem-types',
};

const maxWaitSeconds = 24 * 60 * 60;

const isTypeBase = (value: unknown) =>
  typeof value === 'string' && !value.includes('#') && URL.canParse(value);

/** The rules for these options. */
export const answerRules: OptionRules<UsageAnswerOptions> = {
  headers: oneOf('always', 'near', 'denied', false),
  legacyHeaders: oneOf(true, false),
  exposeHeaders: oneOf(true, false),
  unit: {
    holds: (value) => typeof value === 'string' && /^[a-z][a-z0-9-]{0,31}$/.test(value),
    message: 'must be 1 to 32 lower-case letters, digits and -',
  },
  retryJitterSeconds: integer(0, maxWaitSeconds),
  retryableWaitMs: integer(0, maxWaitSeconds * 1000),
  problemTypeBase: { holds: isTypeBase, message: 'must be an absolute URL without a fragment' },
};
