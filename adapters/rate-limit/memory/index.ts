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

  // Loops by index, here and below: this is what each request of a host waits for.
  function read(slots: readonly number[]): number[] {
    const used = new Array<number>(slots.length);
    for (let index = 0; index < slots.length; index += 1) {
      used[index] = columns.get(slots[index] ?? noSlot);
    }
    return used;
  }

  /** Adds the costs to what the counters hold; how many of these are not there. */
  function add(windows: readonly UsageWindow[], slots: readonly number[], used: number[]): number {
    let missing = 0;
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index] ?? noSlot;
      const units = Math.max(0, (used[index] ?? 0) + (windows[index]?.cost ?? 0));
      used[index] = units;
      if (slot === noSlot) missing += 1;
      else columns.set(slot, units);
    }
    return missing;
  }

  /** Begins the counters that are not there, and cleans up for each of them. */
  function begin(request: ChargeRequest, slots: readonly number[]): void {
    const counters = countersOf(request.partition);
    const missing = request.windows.filter((_, index) => slots[index] === noSlot);
    for (const { key, cost, expiresAt } of missing) {
      if (cost > 0) counters.set(key, columns.add(cost, expiresAt));
    }
    // Afterwards: a counter of this very charge may be among those that have expired.
    for (const _ of missing) sweep.walk();
  }

  function consume(request: ChargeRequest): ChargeResult {
    const { windows } = request;
    const slots = remembered.find(request) ?? lookUp(request);
    const used = read(slots);
    if (!haveRoom(windows, used)) return { allowed: false, used };
    if (add(windows, slots, used) > 0) begin(request, slots);
    return { allowed: true, used };
  }

  return {
    consume,
    get(partition, keys) {
      const counters = partitions.get(partition);
      return keys.map((key) => columns.get(counters?.get(key) ?? noSlot));
    },
  };
}

function haveRoom(windows: readonly UsageWindow[], used: readonly number[]): boolean {
  for (let index = 0; index < used.length; index += 1) {
    const window = windows[index];
    if (window && !hasRoom(window, used[index] ?? 0)) return false;
  }
  return true;
}

function hasRoom({ cost, limit }: UsageWindow, used: number): boolean {
  return cost < 0 || used + cost <= (limit ?? Number.MAX_SAFE_INTEGER);
}
