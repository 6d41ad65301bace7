import { checkOptions } from '../access/check-options.ts';
import { callback, oneOf } from '../access/option-rules.ts';
import type { ErrorCode } from '../errors/index.ts';
import type { UsageLimitExceeded } from '../model/usage-decision.ts';
import type { Settings } from '../options.ts';
import {
  answerDefaults,
  answerRules,
  type UsageAnswerOptions,
  type UsageAnswerSettings,
} from './answer-options.ts';
import type { ChargeOn } from './charge-on.ts';
import { type Identify, identifyRule } from './identity.ts';
import type { Reply } from './reply.ts';

/** A refusal, and the answer that tells it. */
export interface UsageDenial extends Reply {
  /** Nothing was charged; the rest is the answer. */
  readonly allowed: false;
  /** What the problem document says as `code`, such as `usage_limit_exceeded`. */
  readonly code: ErrorCode;
  /**
   * Where every window stands, when a limit refuses; else `null`. Made when it is read, so that a copy of
   * the denial, by `...` or as JSON, is without it.
   */
  readonly decision: UsageLimitExceeded | null;
}

/** How `onDenied` changes the answer; what is absent stays. */
export interface DenialAnswer {
  /** The HTTP status code, an integer from 400 to 599. */
  readonly status?: number | undefined;
  /** Set beside, or over, those of the answer: name them in the usual spelling. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `null` = no body. */
  readonly body?: string | null | undefined;
}

/** What `createUsageGuard()` and the framework guards take. */
export interface UsageGuardOptions<Subject> extends UsageAnswerOptions {
  /** Who is signed in; required. */
  readonly identify: Identify<Subject>;
  /** The activity to charge, one of the configured ones. Default: the first of them. */
  readonly activity?: string | undefined;
  /** Units to charge, an integer from 1 to 2^53 - 1, or how to tell them. Default: 1. */
  readonly cost?: number | ((subject: Subject) => number | Promise<number>) | undefined;
  /**
   * When a request is charged for good. `request`: before the work is done. `success`: the units are
   * set aside before, as a charge would be, and kept once an answer of 200 to 399 was handed over
   * whole; after any other answer, or none, they go back. Default: `request`.
   */
  readonly chargeOn?: ChargeOn | undefined;
  /**
   * Whether to leave a request alone: nobody is identified, checked or charged, and no header is set.
   * Only `true` does so. Default: never.
   */
  readonly skip?: ((subject: Subject) => boolean | Promise<boolean>) | undefined;
  /**
   * Receives every refusal, frozen, before it is answered, and may return a change of the answer, a plain
   * object. A refusal stays one. When it throws, or returns anything else, such as a `Response` or an
   * unknown field, the manager's `onError` receives an error and the answer stays. Default: no call.
   */
  readonly onDenied?:
    | ((
        denial: UsageDenial,
        subject: Subject,
      ) => DenialAnswer | undefined | Promise<DenialAnswer | undefined>)
    | undefined;
}

const isCost = (value: unknown) =>
  typeof value === 'function' || (Number.isSafeInteger(value) && Number(value) >= 1);

/** A guard's options with every default filled in. */
export type GuardSettings<Subject> = UsageGuardOptions<Subject> &
  UsageAnswerSettings & {
    readonly cost: Exclude<UsageGuardOptions<Subject>['cost'], undefined>;
    readonly chargeOn: ChargeOn;
  };

/** Checks a guard's options and fills in the defaults. Throws `invalid_options`. */
export function parseGuardOptions<Subject>(
  options: UsageGuardOptions<Subject>,
  { activities }: Pick<Settings, 'activities'>,
): GuardSettings<Subject> {
  const rules = {
    identify: identifyRule,
    activity: oneOf(...activities),
    cost: { holds: isCost, message: 'must be an integer from 1 to 2^53 - 1, or a function' },
    chargeOn: oneOf('request', 'success'),
    skip: callback,
    onDenied: callback,
    ...answerRules,
  };
  return checkOptions(options, rules, { ...answerDefaults, cost: 1, chargeOn: 'request' });
}
