import type { Charged, Exceeded } from '../model/charge-outcome.ts';
import type { AccessRefused } from '../model/usage-decision.ts';
import type { Settings } from '../options.ts';
import type { UsageAnswerSettings } from './answer-options.ts';
import { createInstanceIds } from './instance-ids.ts';
import { createLimitedTerms, wholeSeconds } from './limited-terms.ts';
import { limitedWindows, sortByRefusal, sortByShareLeft } from './limited-windows.ts';
import { createQuotaBodies } from './quota-bodies.ts';
import { createRateLimitHeaders, isNear } from './rate-limit-headers.ts';
import { accessRefusals, type Refusal, unavailableRefusal } from './refusal.ts';

/** How the outcomes of charges are told. */
export interface UsageAnswers {
  /** The headers that a charge which was made adds to the host's answer. */
  headers(charged: Charged): Record<string, string>;
  /** 403 or 429. */
  refusal(outcome: Exceeded | AccessRefused): Refusal;
  /** 503. The error goes to the option `onError`, with the `instance` of the answer. */
  unavailable(error: unknown): Refusal;
}

/** Creates the answers to charges. */
export function createUsageAnswers(settings: Settings, answers: UsageAnswerSettings): UsageAnswers {
  const { onError } = settings;
  const { headers: mode } = answers;
  const limitedTerms = createLimitedTerms(answers.unit);
  const rateLimitHeaders = createRateLimitHeaders(answers);
  const nextInstance = createInstanceIds(settings);
  const bodyOf = createQuotaBodies(nextInstance, answers);
  const jitter = createJitter(settings, answers.retryJitterSeconds);

  const secondsUntil = (retryAt: number, now: number) =>
    `${wholeSeconds(retryAt - now) + jitter()}`;

  return {
    headers(charged) {
      // What was allowed without the counters says nothing of where they stand.
      if (mode === false || mode === 'denied' || charged.note === 'uncounted') return {};
      const { terms, used, at } = charged;
      const windows = sortByShareLeft(limitedWindows(limitedTerms(terms), used));
      const [binding] = windows;
      if (!binding || (mode === 'near' && !isNear(binding))) return {};
      return rateLimitHeaders(windows, at);
    },
    refusal(outcome) {
      if (outcome.reason !== 'limit_exceeded') return accessRefusals[outcome.reason];
      const { terms, used, at, retryAt } = outcome;
      const windows = sortByRefusal(limitedWindows(limitedTerms(terms), used), outcome);
      const { document, json } = bodyOf(outcome, windows);
      const isQuiet = mode === false;
      return {
        allowed: false,
        code: 'usage_limit_exceeded',
        status: 429,
        retryAfter: isQuiet || retryAt === null ? undefined : secondsUntil(retryAt, at),
        headers: isQuiet ? {} : rateLimitHeaders(windows, at),
        document,
        json,
        exceeded: outcome,
      };
    },
    unavailable(error) {
      const instance = nextInstance();
      onError(error, { instance });
      return unavailableRefusal(error, { problemTypeBase: answers.problemTypeBase, instance });
    },
  };
}

/** Random whole seconds from 0 to `most`, so that not all who wait come back at once. */
function createJitter({ random }: Settings, most: number): () => number {
  if (most === 0) return () => 0;
  return () => Math.floor((Buffer.from(random(4)).readUInt32BE() / 2 ** 32) * (most + 1));
}
