import { OrgUserManagerError } from '../errors/index.ts';
import type { UsageAllowed, UsageDecision, UsageLimitExceeded } from '../model/usage-decision.ts';
import type { Settings } from '../options.ts';
import { createInstanceIds } from './instance-ids.ts';
import { limitedWindows } from './limited-windows.ts';
import { createLocalTimes } from './local-time.ts';
import { problem, problemReply } from './problem.ts';
import { quotaProblem } from './quota-problem.ts';
import { rateLimitHeaders, wholeSeconds } from './rate-limit-headers.ts';
import { json, type Reply } from './reply.ts';

const accessProblems = {
  not_a_member: problem(new OrgUserManagerError('not_a_member', {})),
  member_disabled: problem(new OrgUserManagerError('member_disabled', {}), {
    detail: 'Only the support of this product can restore the access.',
  }),
} as const;

/** The headers that a charge which was made adds to the host's answer. */
export function usageHeaders(decision: UsageAllowed, now: number): Record<string, string> {
  return rateLimitHeaders(limitedWindows(decision), now);
}

/** Creates the answers to charges: 200 with the decision, 403 or 429. */
export function createUsageAnswers(settings: Settings): (decision: UsageDecision) => Reply {
  const { clock } = settings;
  const nextInstance = createInstanceIds(settings);
  const localTimes = createLocalTimes();

  function refuse(decision: UsageLimitExceeded): Reply {
    const now = clock.now();
    const windows = limitedWindows(decision);
    const instance = nextInstance();
    const reply = problemReply(429, quotaProblem({ decision, windows, now, instance }, localTimes));
    const headers = { ...reply.headers, ...rateLimitHeaders(windows, now) };
    const { retryAt } = decision;
    if (retryAt) headers['Retry-After'] = `${wholeSeconds(retryAt.getTime() - now)}`;
    return { ...reply, headers };
  }

  return (decision) => {
    if (decision.allowed) {
      const reply = json(decision);
      return { ...reply, headers: { ...reply.headers, ...usageHeaders(decision, clock.now()) } };
    }
    return decision.reason === 'limit_exceeded'
      ? refuse(decision)
      : accessProblems[decision.reason];
  };
}
