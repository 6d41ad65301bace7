import type { ChargeRequest, ChargeResult } from '../../../src/index.ts';
import { type CounterChange, hasRoom } from './counter.ts';
import { type ByCounter, copyOf, ofPartition, type Standing } from './standing.ts';

/**
 * Adds up charges that are made at once, in their order: they all fit just when every sum fits under
 * its cap. Units that are given back cannot be added up, since a counter stops at 0: such a charge
 * comes alone.
 */
export function addUp(requests: readonly ChargeRequest[]): readonly CounterChange[] {
  const sums: ByCounter<CounterChange> = new Map();
  for (const { partition, windows } of requests) {
    const own = ofPartition(sums, partition);
    for (const { key, cost, limit, keepMs } of windows) {
      const earlier = own.get(key);
      const change = (earlier?.change ?? 0) + cost;
      // Room that an earlier charge needs below its own limit moves up with what comes after it.
      const moved = (earlier?.cap ?? Number.MAX_SAFE_INTEGER) + cost;
      const limited = cost < 0 ? null : limit;
      const cap =
        earlier?.cap == null ? limited : Math.min(moved, limited ?? Number.MAX_SAFE_INTEGER);
      own.set(key, { partition, key, change, cap, keepMs });
    }
  }
  return [...sums.values()].flatMap((own) => [...own.values()]);
}

/** Which of these charges fit one after another on counters that stand so. */
export function thoseThatFit(
  requests: readonly ChargeRequest[],
  standing: Standing,
): readonly ChargeRequest[] {
  const counters = copyOf(standing);
  return requests.filter((request) => {
    if (!fits(request, counters)) return false;
    add(request, counters);
    return true;
  });
}

/** The result of each charge, in their order, when `charged` are those of them that were made. */
export function resultsOf(
  requests: readonly ChargeRequest[],
  charged: ReadonlySet<ChargeRequest>,
  before: Standing,
): readonly (ChargeResult | undefined)[] {
  const counters = copyOf(before);
  return requests.map((request) => {
    if (charged.has(request)) {
      add(request, counters);
      return { allowed: true, used: usedIn(request, counters) };
    }
    // Units came back since the counters were read: there is room now, so the charge is tried again.
    if (fits(request, counters)) return undefined;
    return { allowed: false, used: usedIn(request, counters) };
  });
}

/** Whether every counter of the charge has room for it. */
export function fits(request: ChargeRequest, counters: Standing): boolean {
  const own = counters.get(request.partition);
  return request.windows.every((window) => hasRoom(window, own?.get(window.key) ?? 0));
}

/** The counters of a charge, in its order. */
export function usedIn({ partition, windows }: ChargeRequest, counters: Standing) {
  const own = counters.get(partition);
  return windows.map(({ key }) => own?.get(key) ?? 0);
}

function add({ partition, windows }: ChargeRequest, counters: Standing): void {
  const own = ofPartition(counters, partition);
  for (const { key, cost } of windows) own.set(key, Math.max(0, (own.get(key) ?? 0) + cost));
}
