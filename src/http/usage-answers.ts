import type { AccessRefused, UsageAllowed, UsageLimitExceeded } from '../model/usage-decision.ts';
import type { Settings } from '../options.ts';
import type { UsageAnswerSettings } from './answer-options.ts';
import { createInstanceIds } from './instance-ids.ts';
import { type LimitedWindow, limitedWindows } from './limited-windows.ts';
import { createLocalTimes } from './local-time.ts';
import { quotaProblem } from './quota-problem.ts';
import { createRateLimitHeaders, isNear, wholeSeconds } from './rate-limit-headers.ts';
import { accessRefusals, type Refusal, unavailableRefusal } from './refusal.ts';

/** How the outcomes of charges are told. */
export interface UsageAnswers {
  /** The headers that a charge which was made adds to the host's answer. */
  headers(decision: UsageAllowed): Record<string, string>;
  /** 403 or 429. */
  refusal(decision: UsageLimitExceeded | AccessRefused): Refusal;
  /** 503. The error goes to the host's `onError`. */
  unavailable(error: unknown): Refusal;
}

/** Creates the answers to charges. */
export function createUsageAnswers(settings: Settings, answers: UsageAnswerSettings): UsageAnswers {
  const { clock, onError } = settings;
  const { headers: mode } = answers;
  const nextInstance = createInstanceIds(settings);
  const rateLimitHeaders = createRateLimitHeaders(answers);
  const problems = { ...answers, localTimes: createLocalTimes() };
  const jitter = createJitter(settings, answers.retryJitterSeconds);

  function quotaHeaders(
    { retryAt }: UsageLimitExceeded,
    windows: readonly LimitedWindow[],
    now: number,
  ): Record<string, string> {
    if (mode === false) return {};
    const limits = rateLimitHeaders(windows, now);
    if (!retryAt) return limits;
    return { 'Retry-After': `${wholeSeconds(retryAt.getTime() - now) + jitter()}`, ...limits };
  }

  return {
    headers(decision) {
      // What was allowed without the counters says nothing of where they stand.
      if (mode === false || mode === 'denied' || decision.uncounted) return {};
      const windows = limitedWindows(decision);
      const [binding] = windows;
      if (!binding || (mode === 'near' && !isNear(binding))) return {};
      return rateLimitHeaders(windows, clock.now());
    },
    refusal(decision) {
      if (decision.reason !== 'limit_exceeded') return accessRefusals[decision.reason];
      const now = clock.now();
      const windows = limitedWindows(decision);
      const instance = nextInstance();
      const document = quotaProblem({ decision, windows, now, instance }, problems);
      const headers = quotaHeaders(decision, windows, now);
      return { code: 'usage_limit_exceeded', status: 429, headers, document, decision };
    },
    unavailable(error) {
      onError(error);
      return unavailableRefusal(error, answers.problemTypeBase);
    },
  };
}

/** Random whole seconds from 0 to `most`, so that not all who wait come back at once. */
function createJitter({ random }: Settings, most: number): () => number {
  if (most === 0) return () => 0;
  return () => Math.floor((Buffer.from(random(4)).readUInt32BE() / 2 ** 32) * (most + 1));
}
