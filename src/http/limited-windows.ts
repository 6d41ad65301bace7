import type { Exceeded } from '../model/charge-outcome.ts';
import type { LimitedTerms } from './limited-terms.ts';

/** A window that has a limit, and where it stands. */
export interface LimitedWindow {
  readonly terms: LimitedTerms;
  readonly used: number;
  readonly remaining: number;
}

/** Where the windows stand that have a limit; `used` is the outcome's. */
export function limitedWindows(
  limited: readonly LimitedTerms[],
  used: readonly number[],
): LimitedWindow[] {
  return limited.map((terms) => {
    const units = used[terms.index] ?? 0;
    return { terms, used: units, remaining: Math.max(0, terms.limit - units) };
  });
}

/** Sorts the windows of a charge that was made: the one of which the smallest share is left comes first. */
export function sortByShareLeft(windows: LimitedWindow[]): readonly LimitedWindow[] {
  const [first, second, third] = windows;
  if (!first || !second) return windows;
  // Almost always there are two, and a sort of two costs as much as the rest.
  if (third) return windows.sort(byShareLeft);
  return byShareLeft(first, second) <= 0 ? windows : [second, first];
}

/**
 * Sorts the windows of a refusal: first those whose limit no waiting helps, then the refusing ones, of
 * which the one that ends last comes first, then the others.
 */
export function sortByRefusal(
  windows: LimitedWindow[],
  { cost, violated }: Exceeded,
): readonly LimitedWindow[] {
  const rank = ({ terms: { policy, limit } }: LimitedWindow) => {
    if (!violated.includes(policy)) return 2;
    return cost > limit ? 0 : 1;
  };
  return windows.sort((a, b) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    return rank(a) === 2 ? byShareLeft(a, b) : b.terms.endsAt - a.terms.endsAt;
  });
}

const byShareLeft = (a: LimitedWindow, b: LimitedWindow) => shareLeft(a) - shareLeft(b);

const shareLeft = ({ terms: { limit }, remaining }: LimitedWindow) =>
  limit === 0 ? 0 : remaining / limit;
