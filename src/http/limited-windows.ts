import type { UsageAllowed, UsageLimitExceeded, WindowUsage } from '../model/usage-decision.ts';

/** A window that has a limit. */
export interface LimitedWindow extends WindowUsage {
  readonly limit: number;
  readonly remaining: number;
}

const isLimited = (window: WindowUsage): window is LimitedWindow => window.limit !== null;

/**
 * The windows that have a limit, the one that binds most first. In a refusal that is a window whose
 * limit no waiting helps, then the refusing window that ends last; else the one of which the
 * smallest share is left.
 */
export function limitedWindows(
  decision: UsageAllowed | UsageLimitExceeded,
): readonly LimitedWindow[] {
  const windows = decision.windows.filter(isLimited);
  if (windows.length < 2) return windows;
  const compare = decision.allowed ? byShareLeft : byRefusal(decision);
  const [first, second] = windows;
  // Almost always there are two, and a sort of two costs as much as the rest.
  if (windows.length > 2 || !first || !second) return windows.sort(compare);
  return compare(first, second) <= 0 ? windows : [second, first];
}

const byShareLeft = (a: LimitedWindow, b: LimitedWindow) => shareLeft(a) - shareLeft(b);

const shareLeft = ({ limit, remaining }: LimitedWindow) => (limit === 0 ? 0 : remaining / limit);

function byRefusal({ cost, violated }: UsageLimitExceeded) {
  const rank = ({ policy, limit }: LimitedWindow) => {
    if (!violated.includes(policy)) return 2;
    return cost > limit ? 0 : 1;
  };
  return (a: LimitedWindow, b: LimitedWindow) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    return rank(a) === 2 ? byShareLeft(a, b) : b.resetsAt.getTime() - a.resetsAt.getTime();
  };
}
