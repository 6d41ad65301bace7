import type {
  ChargeRequest,
  ChargeResult,
  RateLimitStore,
  UsageWindow,
} from '../../../src/index.ts';
import { createColumns, noSlot } from './columns.ts';
import { createRememberedSlots } from './remembered-slots.ts';
import { createSweep, type Partitions } from './sweep.ts';

/**
 * Counts usage in this process, exactly, and only in this process: two processes each grant the
 * whole limit. It answers at once. No timer runs, and no live counter is ever dropped: each new counter
 * removes a few that have expired.
 */
export function memoryRateLimitStore({ now }: { readonly now: () => number }): RateLimitStore {
  const partitions: Partitions = new Map();
  const columns = createColumns();
  const sweep = createSweep(partitions, columns, now);
  const remembered = createRememberedSlots(columns, sweep);

  function countersOf(partition: string): Map<string, number> {
    const known = partitions.get(partition);
    if (known) return known;
    const counters = new Map<string, number>();
    partitions.set(partition, counters);
    return counters;
  }

  function lookUp(request: ChargeRequest): readonly number[] {
    const counters = countersOf(request.partition);
    const slots = request.windows.map(({ key }) => counters.get(key) ?? noSlot);
    remembered.note(request, slots);
    return slots;
  }

  function begin({ partition }: ChargeRequest, { key, expiresAt }: UsageWindow, units: number) {
    countersOf(partition).set(key, columns.add(units, expiresAt));
  }

  /** Adds the costs, and begins the counters that are not there. */
  function charge(request: ChargeRequest, slots: readonly number[], used: number[]): void {
    let begun = 0;
    for (const [index, window] of request.windows.entries()) {
      const slot = slots[index] ?? noSlot;
      const units = Math.max(0, (used[index] ?? 0) + window.cost);
      used[index] = units;
      if (slot !== noSlot) columns.set(slot, units);
      else if (units > 0) {
        begin(request, window, units);
        begun += 1;
      }
    }
    // Afterwards: a counter of this very charge may be among those that have expired.
    for (; begun > 0; begun -= 1) sweep.walk();
  }

  function consume(request: ChargeRequest): ChargeResult {
    const { windows } = request;
    const slots = remembered.find(request) ?? lookUp(request);
    const used = slots.map((slot) => columns.get(slot));
    const allowed = windows.every((window, index) => hasRoom(window, used[index] ?? 0));
    if (allowed) charge(request, slots, used);
    return { allowed, used };
  }

  return {
    consume,
    get(partition, keys) {
      const counters = partitions.get(partition);
      return keys.map((key) => columns.get(counters?.get(key) ?? noSlot));
    },
  };
}

function hasRoom({ cost, limit }: UsageWindow, used: number): boolean {
  return cost < 0 || used + cost <= (limit ?? Number.MAX_SAFE_INTEGER);
}
