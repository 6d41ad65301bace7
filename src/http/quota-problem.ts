import { errorCatalog } from '../errors/index.ts';
import type { Exceeded } from '../model/charge-outcome.ts';
import { defaults } from '../options.ts';
import type { UsageAnswerSettings } from './answer-options.ts';
import type { LimitedTerms } from './limited-terms.ts';
import type { LimitedWindow } from './limited-windows.ts';
import type { LocalTimes } from './local-time.ts';

// Requested by draft-ietf-httpapi-ratelimit-headers, which also defines `violated-policies`.
const quotaExceeded = '#quota-exceeded';

/** What the body of a 429 is made from. */
export interface QuotaRefusal {
  readonly outcome: Exceeded;
  /** The windows that have a limit, the binding one first. */
  readonly windows: readonly LimitedWindow[];
  /** Whether so short a wait remains that it can be tried again without asking anybody. */
  readonly retryable: boolean;
  /** Names this very refusal: a URN. */
  readonly instance: string;
}

/** How every such body is made. */
export interface QuotaProblems extends Pick<UsageAnswerSettings, 'problemTypeBase'> {
  readonly localTimes: LocalTimes;
}

/** The problem document (RFC 9457) of a usage limit that refuses. */
export function quotaProblem(
  { outcome, windows, retryable, instance }: QuotaRefusal,
  { localTimes, problemTypeBase }: QuotaProblems,
) {
  const { cost, timeZone, violated, contact } = outcome;
  const { status, title } = errorCatalog.usage_limit_exceeded;
  return {
    type: problemTypeBase + quotaExceeded,
    title,
    status,
    detail: explain(outcome, windows[0], localTimes),
    instance,
    'violated-policies': violated,
    code: 'usage_limit_exceeded',
    retryable,
    cost,
    limits: windows.map(({ terms, used, remaining }) => ({
      policy: terms.policy,
      scope: terms.scope,
      window: terms.window,
      limit: terms.limit,
      used,
      remaining,
      resetsAt: localTimes(terms.endsAt, timeZone).iso,
    })),
    timeZone,
    contact: { text: contact },
  };
}

/** Names the limit, its reset and the contact, in sentences for the member. */
function explain(
  { cost, timeZone, contact }: Exceeded,
  binding: LimitedWindow | undefined,
  localTimes: LocalTimes,
): string {
  if (!binding) return request(contact);
  const { terms, remaining } = binding;
  const { limit, endsAt } = terms;
  const name = `${limitName(terms)} of ${limit}`;
  if (limit === 0) return `${name} allows no usage. ${request(contact)}`;
  if (cost > limit) return `${name} is below the cost of ${cost}. ${request(contact)}`;
  const state = remaining === 0 ? 'reached' : `leaves ${remaining} of the ${cost} needed`;
  const { date, time } = localTimes(endsAt, timeZone);
  return `${name} ${state}. It resets on ${date} at ${time} (${timeZone}). ${request(contact)}`;
}

function limitName({ scope, window }: LimitedTerms): string {
  const period = window === 'day' ? 'daily' : 'monthly';
  if (scope === 'organization') return `The organization's ${period} usage limit`;
  return window === 'day' ? 'Daily usage limit' : 'Monthly usage limit';
}

// A host's own text is a sentence in words we do not know; only the default can be continued.
const request = (contact: string) =>
  contact === defaults.contact ? 'Contact your organization administrator to raise it.' : contact;
