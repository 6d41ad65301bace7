import type { UsageAnswerSettings } from './answer-options.ts';
import { shown } from './limited-terms.ts';
import type { LimitedWindow } from './limited-windows.ts';

// From here on `headers: 'near'` tells: as others do, when four fifths are used.
const nearShare = 0.2;

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
}: UsageAnswerSettings): RateLimitHeaders {
  const exposed = ['RateLimit-Policy', 'RateLimit', 'Retry-After'];
  if (legacyHeaders) {
    exposed.push(...['Limit', 'Remaining', 'Used', 'Reset', 'Resource'].map(legacyName));
  }
  const exposedNames = exposed.join(', ');
  return (windows, now) => {
    const [binding] = windows;
    if (!binding) return {};
    const headers = legacyHeaders ? withLegacy(windows, now, binding) : lists(windows, now);
    if (exposeHeaders) headers['Access-Control-Expose-Headers'] = exposedNames;
    return headers;
  };
}

/** Whether so little is left of a window's limit that `headers: 'near'` tells. */
export const isNear = ({ terms, remaining }: LimitedWindow) => remaining <= terms.limit * nearShare;

const legacyName = (what: string) => `X-RateLimit-${what}`;

function policyList(windows: readonly LimitedWindow[]): string {
  let list = '';
  for (const { terms } of windows) {
    list = list === '' ? terms.policyMember : `${list}, ${terms.policyMember}`;
  }
  return list;
}

function standingList(windows: readonly LimitedWindow[], now: number): string {
  let list = '';
  for (const { terms, remaining } of windows) {
    if (list !== '') list += ', ';
    list += terms.standingStart + shown(remaining) + terms.standingEnd(now);
  }
  return list;
}

// Named one by one, here and below: an object that grows name by name takes twice as long to make.
const lists = (windows: readonly LimitedWindow[], now: number): Record<string, string> => ({
  'RateLimit-Policy': policyList(windows),
  RateLimit: standingList(windows, now),
});

function withLegacy(
  windows: readonly LimitedWindow[],
  now: number,
  { terms, remaining, used }: LimitedWindow,
): Record<string, string> {
  return {
    'RateLimit-Policy': policyList(windows),
    RateLimit: standingList(windows, now),
    'X-RateLimit-Limit': terms.limitText,
    'X-RateLimit-Remaining': `${remaining}`,
    'X-RateLimit-Used': `${used}`,
    'X-RateLimit-Reset': terms.resetText,
    'X-RateLimit-Resource': terms.policy,
  };
}
