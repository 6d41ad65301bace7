import type { LimitedWindow } from './limited-windows.ts';

// The largest integer of a structured field (RFC 9651, section 3.3.1).
const maxInteger = 999_999_999_999_999;

/** Whole seconds of a span of milliseconds, at least one: a window is over when it has ended. */
export const wholeSeconds = (milliseconds: number) => Math.max(1, Math.ceil(milliseconds / 1000));

/**
 * The headers that tell where a member stands, from windows with the binding one first. None when
 * nothing is limited.
 *
 * `RateLimit-Policy` and `RateLimit` are those of draft-ietf-httpapi-ratelimit-headers and list every
 * window: its quota `q` and length `w`, what remains `r` and the seconds to its end `t`. The older
 * `X-RateLimit-*` describe the binding window alone, `-Reset` in epoch seconds.
 */
export function rateLimitHeaders(
  windows: readonly LimitedWindow[],
  now: number,
): Record<string, string> {
  const [binding] = windows;
  if (!binding) return {};
  let policies = '';
  let standings = '';
  for (const { policy, limit, remaining, startsAt, resetsAt } of windows) {
    const comma = policies === '' ? '' : ', ';
    const endsAt = resetsAt.getTime();
    const length = wholeSeconds(endsAt - startsAt.getTime());
    policies += `${comma}"${policy}";q=${Math.min(limit, maxInteger)};w=${length}`;
    standings += `${comma}"${policy}";r=${Math.min(remaining, maxInteger)};t=${wholeSeconds(endsAt - now)}`;
  }
  return {
    'RateLimit-Policy': policies,
    RateLimit: standings,
    'X-RateLimit-Limit': `${binding.limit}`,
    'X-RateLimit-Remaining': `${binding.remaining}`,
    'X-RateLimit-Used': `${binding.used}`,
    'X-RateLimit-Reset': `${Math.ceil(binding.resetsAt.getTime() / 1000)}`,
    'X-RateLimit-Resource': binding.policy,
  };
}
