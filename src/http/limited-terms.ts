import type { WindowTerms } from '../model/charge-outcome.ts';

// The largest integer of a structured field (RFC 9651, section 3.3.1).
const maxInteger = 999_999_999_999_999;

/** What a header can say of so many units. */
export const shown = (units: number) => Math.min(units, maxInteger);

/** Whole seconds of a span of milliseconds, at least one: a window is over when it has ended. */
export const wholeSeconds = (milliseconds: number) => Math.max(1, Math.ceil(milliseconds / 1000));

/** A window that has a limit, and the words of the headers that stay as they are. */
export interface LimitedTerms extends Pick<WindowTerms, 'policy' | 'scope' | 'window'> {
  /** Of the window among those of the charge. */
  readonly index: number;
  readonly limit: number;
  /** First instant of the next window, epoch milliseconds. */
  readonly endsAt: number;
  /** Its member of `RateLimit-Policy`. */
  readonly policyMember: string;
  /** Its member of `RateLimit`, up to what remains. */
  readonly standingStart: string;
  /** The rest of it: the whole seconds to the window's end. */
  standingEnd(now: number): string;
  /** The limit, for `X-RateLimit-Limit`. */
  readonly limitText: string;
  /** Epoch seconds, for `X-RateLimit-Reset`. */
  readonly resetText: string;
}

/** Finds the windows of a charge that have a limit. `unit` is '' for requests. */
export function createLimitedTerms(
  unit: string,
): (terms: readonly WindowTerms[]) => readonly LimitedTerms[] {
  const unitParameter = unit === '' ? '' : `;oum-unit="${unit}"`;
  // A member's charges have the very same list until a limit changes or a window ends.
  const known = new WeakMap<readonly WindowTerms[], readonly LimitedTerms[]>();

  function describe(terms: readonly WindowTerms[]): readonly LimitedTerms[] {
    return terms.flatMap(({ policy, scope, window, limit, calendar }, index) => {
      if (limit === null) return [];
      const { startsAt, endsAt } = calendar;
      const length = wholeSeconds(endsAt - startsAt);
      return {
        policy,
        scope,
        window,
        index,
        limit,
        endsAt,
        policyMember: `"${policy}";q=${shown(limit)};w=${length}${unitParameter}`,
        standingStart: `"${policy}";r=`,
        standingEnd: createStandingEnd(endsAt),
        limitText: `${limit}`,
        resetText: `${Math.ceil(endsAt / 1000)}`,
      };
    });
  }

  function remember(terms: readonly WindowTerms[]): readonly LimitedTerms[] {
    const described = describe(terms);
    known.set(terms, described);
    return described;
  }

  return (terms) => known.get(terms) ?? remember(terms);
}

/** Everybody's requests of one second end alike, so the text is kept for as long. */
function createStandingEnd(endsAt: number): (now: number) => string {
  let seconds = 0;
  let text = '';
  return (now) => {
    const left = wholeSeconds(endsAt - now);
    if (left !== seconds) {
      seconds = left;
      text = `;t=${left}`;
    }
    return text;
  };
}
