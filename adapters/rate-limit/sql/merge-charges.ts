import type { ChargeRequest, ChargeResult } from '../../../src/index.ts';
import { type CounterChange, hasRoom, idOf, type Standing } from './counter.ts';

/**
 * Adds up charges that are made at once, in their order: they all fit just when every sum fits under
 * its cap. Units that are given back cannot be added up, since a counter stops at 0: such a charge
 * comes alone.
 */
export function addUp(requests: readonly ChargeRequest[]): readonly CounterChange[] {
  const sums = new Map<string, CounterChange>();
  for (const { partition, windows } of requests) {
    for (const { key, cost, limit, expiresAt } of windows) {
      const id = idOf({ partition, key });
      const earlier = sums.get(id);
      const change = (earlier?.change ?? 0) + cost;
      // Room that an earlier charge needs below its own limit moves up with what comes after it.
      const moved = (earlier?.cap ?? Number.MAX_SAFE_INTEGER) + cost;
      const own = cost < 0 ? null : limit;
      const cap = earlier?.cap == null ? own : Math.min(moved, own ?? Number.MAX_SAFE_INTEGER);
      sums.set(id, { partition, key, change, cap, expiresAt });
    }
  }
  return [...sums.values()];
}

/** Which of these charges fit one after another on counters that stand so. */
export function thoseThatFit(
  requests: readonly ChargeRequest[],
  standing: Standing,
): readonly ChargeRequest[] {
  const counters = new Map(standing);
  return requests.filter((request) => {
    if (!fits(request, counters)) return false;
    add(request, counters);
    return true;
  });
}

/** What each charge is told, in their order, when `charged` are those of them that were made. */
export function tell(
  requests: readonly ChargeRequest[],
  charged: ReadonlySet<ChargeRequest>,
  before: Standing,
): readonly (ChargeResult | undefined)[] {
  const counters = new Map(before);
  return requests.map((request) => {
    if (charged.has(request)) {
      add(request, counters);
      return { allowed: true, used: usedIn(request, counters) };
    }
    // Units came back meanwhile: nothing refuses it any more.
    if (fits(request, counters)) return undefined;
    return { allowed: false, used: usedIn(request, counters) };
  });
}

/** Whether every counter of the charge has room for it. */
export function fits(request: ChargeRequest, counters: Standing): boolean {
  const used = usedIn(request, counters);
  return request.windows.every((window, index) => hasRoom(window, used[index] ?? 0));
}

/** The counters of a charge, in its order. */
export function usedIn({ partition, windows }: ChargeRequest, counters: Standing) {
  return windows.map(({ key }) => counters.get(idOf({ partition, key })) ?? 0);
}

function add({ partition, windows }: ChargeRequest, counters: Standing): void {
  for (const { key, cost } of windows) {
    const id = idOf({ partition, key });
    counters.set(id, Math.max(0, (counters.get(id) ?? 0) + cost));
  }
}
