import type { ChargeRequest, UsageWindow } from '../../../src/index.ts';

/**
 * The units that a charge takes of each of its counters, if it can be paid from a lease. A counter with
 * room for this one charge only is a mark that is set once, such as an idempotency key.
 */
export function leasableCost({ windows }: ChargeRequest): number | undefined {
  const [first] = windows;
  if (!first || first.cost <= 0) return undefined;
  const { cost } = first;
  const isAlike = (window: UsageWindow) => window.cost === cost && window.limit !== cost;
  return windows.every(isAlike) ? cost : undefined;
}

/** A string for the counters of a charge; other counters have another one. */
export function leaseIdOf({ partition, windows }: ChargeRequest): string {
  let id = `${partition.length}:${partition}`;
  for (const { key } of windows) id += `${key.length}:${key}`;
  return id;
}

/** Whether two charges on equal counters have equal limits. */
export function haveSameLimits(a: ChargeRequest, b: ChargeRequest): boolean {
  return a.windows.every(({ limit }, index) => limit === b.windows[index]?.limit);
}

/** A copy of a charge with another cost in each window. */
export function withCost(request: ChargeRequest, cost: number): ChargeRequest {
  return { ...request, windows: request.windows.map((window) => ({ ...window, cost })) };
}

/** How many units the tightest limit leaves; `used` as the windows stand. */
export function roomIn({ windows }: ChargeRequest, used: readonly number[]): number {
  const rooms = windows.map(({ limit }, index) =>
    limit === null ? Number.POSITIVE_INFINITY : limit - (used[index] ?? 0),
  );
  return Math.min(...rooms);
}
