import type { UsageAnswerSettings } from './answer-options.ts';
import type { LimitedWindow } from './limited-windows.ts';

// The largest integer of a structured field (RFC 9651, section 3.3.1).
const maxInteger = 999_999_999_999_999;

// From here on `headers: 'near'` tells: as others do, when four fifths are used.
const nearShare = 0.2;

/** Whole seconds of a span of milliseconds, at least one: a window is over when it has ended. */
export const wholeSeconds = (milliseconds: number) => Math.max(1, Math.ceil(milliseconds / 1000));

/** Tells where a member stands, from windows with the binding one first. */
export type RateLimitHeaders = (
  windows: readonly LimitedWindow[],
  now: number,
) => Record<string, string>;

/**
 * Creates the headers of the windows that have a limit; none when nothing is limited.
 *
 * `RateLimit-Policy` and `RateLimit` are those of draft-ietf-httpapi-ratelimit-headers and list every
 * window: its quota `q` and length `w`, what remains `r` and the seconds to its end `t`. The older
 * `X-RateLimit-*` describe the binding window alone, `-Reset` in epoch seconds.
 */
export function createRateLimitHeaders({
  legacyHeaders,
  exposeHeaders,
  unit,
}: UsageAnswerSettings): RateLimitHeaders {
  const unitParameter = unit === '' ? '' : `;oum-unit="${unit}"`;
  const exposed = ['RateLimit-Policy', 'RateLimit', 'Retry-After'];
  if (legacyHeaders) {
    exposed.push(...['Limit', 'Remaining', 'Used', 'Reset', 'Resource'].map(legacyName));
  }
  const exposedNames = exposed.join(', ');
  return (windows, now) => {
    const [binding] = windows;
    if (!binding) return {};
    const lists = windowLists(windows, now, unitParameter);
    const headers = legacyHeaders ? withLegacy(lists, binding) : lists;
    if (exposeHeaders) headers['Access-Control-Expose-Headers'] = exposedNames;
    return headers;
  };
}

/** Whether so little is left of a window's limit that `headers: 'near'` tells. */
export const isNear = ({ limit, remaining }: LimitedWindow) => remaining <= limit * nearShare;

const legacyName = (what: string) => `X-RateLimit-${what}`;

function windowLists(
  windows: readonly LimitedWindow[],
  now: number,
  unit: string,
): Record<string, string> {
  let policies = '';
  let standings = '';
  for (const { policy, limit, remaining, startsAt, resetsAt } of windows) {
    const comma = policies === '' ? '' : ', ';
    const endsAt = resetsAt.getTime();
    const length = wholeSeconds(endsAt - startsAt.getTime());
    policies += `${comma}"${policy}";q=${Math.min(limit, maxInteger)};w=${length}${unit}`;
    standings += `${comma}"${policy}";r=${Math.min(remaining, maxInteger)};t=${wholeSeconds(endsAt - now)}`;
  }
  return { 'RateLimit-Policy': policies, RateLimit: standings };
}

// Named one by one: an object that grows name by name takes twice as long to make.
function withLegacy(lists: Record<string, string>, binding: LimitedWindow): Record<string, string> {
  return {
    'RateLimit-Policy': lists['RateLimit-Policy'] ?? '',
    RateLimit: lists.RateLimit ?? '',
    'X-RateLimit-Limit': `${binding.limit}`,
    'X-RateLimit-Remaining': `${binding.remaining}`,
    'X-RateLimit-Used': `${binding.used}`,
    'X-RateLimit-Reset': `${Math.ceil(binding.resetsAt.getTime() / 1000)}`,
    'X-RateLimit-Resource': binding.policy,
  };
}
