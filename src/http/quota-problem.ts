import { errorCatalog } from '../errors/index.ts';
import type { UsageLimitExceeded } from '../model/usage-decision.ts';
import { defaults } from '../options.ts';
import type { UsageAnswerSettings } from './answer-options.ts';
import type { LimitedWindow } from './limited-windows.ts';
import type { LocalTimes } from './local-time.ts';

// Requested by draft-ietf-httpapi-ratelimit-headers, which also defines `violated-policies`.
const quotaExceeded = '#quota-exceeded';

/** What the body of a 429 is made from. */
export interface QuotaRefusal {
  readonly decision: UsageLimitExceeded;
  /** The windows that have a limit, the binding one first. */
  readonly windows: readonly LimitedWindow[];
  readonly now: number;
  /** Names this very refusal: a URN. */
  readonly instance: string;
}

/** How every such body is made. */
export interface QuotaProblems
  extends Pick<UsageAnswerSettings, 'problemTypeBase' | 'retryableWaitMs'> {
  readonly localTimes: LocalTimes;
}

/** The problem document (RFC 9457) of a usage limit that refuses. */
export function quotaProblem(
  { decision, windows, now, instance }: QuotaRefusal,
  { localTimes, problemTypeBase, retryableWaitMs }: QuotaProblems,
) {
  const { cost, timeZone, violated, retryAt, contact } = decision;
  const { status, title } = errorCatalog.usage_limit_exceeded;
  return {
    type: problemTypeBase + quotaExceeded,
    title,
    status,
    detail: explain(decision, windows[0], localTimes),
    instance,
    'violated-policies': violated,
    code: 'usage_limit_exceeded',
    retryable: retryAt !== null && retryAt.getTime() - now <= retryableWaitMs,
    cost,
    limits: windows.map(({ policy, scope, window, limit, used, remaining, resetsAt }) => ({
      policy,
      scope,
      window,
      limit,
      used,
      remaining,
      resetsAt: localTimes(resetsAt, timeZone).iso,
    })),
    timeZone,
    contact: { text: contact },
  };
}

/** Names the limit, its reset and the contact, in sentences for the member. */
function explain(
  { cost, timeZone, contact }: UsageLimitExceeded,
  binding: LimitedWindow | undefined,
  localTimes: LocalTimes,
): string {
  if (!binding) return request(contact);
  const { limit, remaining, resetsAt } = binding;
  const name = `${limitName(binding)} of ${limit}`;
  if (limit === 0) return `${name} allows no usage. ${request(contact)}`;
  if (cost > limit) return `${name} is below the cost of ${cost}. ${request(contact)}`;
  const state = remaining === 0 ? 'reached' : `leaves ${remaining} of the ${cost} needed`;
  const { date, time } = localTimes(resetsAt, timeZone);
  return `${name} ${state}. It resets on ${date} at ${time} (${timeZone}). ${request(contact)}`;
}

function limitName({ scope, window }: LimitedWindow): string {
  const period = window === 'day' ? 'daily' : 'monthly';
  if (scope === 'organization') return `The organization's ${period} usage limit`;
  return window === 'day' ? 'Daily usage limit' : 'Monthly usage limit';
}

// A host's own text is a sentence in words we do not know; only the default can be continued.
const request = (contact: string) =>
  contact === defaults.contact ? 'Contact your organization administrator to raise it.' : contact;
