import type {
  ChargeRequest,
  ChargeResult,
  RateLimitStore,
  UsageWindow,
} from '../../../src/index.ts';
import { createColumns, noSlot } from './columns.ts';
import { createRememberedCharges, type KnownCharge } from './remembered-charges.ts';
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
  const remembered = createRememberedCharges(columns, sweep);

  function countersOf(partition: string): Map<string, number> {
    const known = partitions.get(partition);
    if (known) return known;
    const counters = new Map<string, number>();
    partitions.set(partition, counters);
    return counters;
  }

  function lookUp(request: ChargeRequest): KnownCharge {
    const counters = countersOf(request.partition);
    const { windows } = request;
    const slots = windows.map(({ key }) => counters.get(key) ?? noSlot);
    const charge = {
      slots,
      isWhole: !slots.includes(noSlot),
      costs: windows.map(({ cost }) => cost),
      rooms: windows.map(roomOf),
    };
    remembered.note(request, charge);
    return charge;
  }

  /** Begins the counters that are not there, and cleans up for each of them. */
  function begin(request: ChargeRequest, slots: readonly number[]): void {
    const counters = countersOf(request.partition);
    const missing = request.windows.filter((_, index) => slots[index] === noSlot);
    for (const { key, cost, keepMs } of missing) {
      if (cost > 0) counters.set(key, columns.begin(cost, now() + keepMs));
    }
    // Afterwards: a counter of this very charge may be among those that have expired.
    for (const _ of missing) sweep.walk();
  }

  function consume(request: ChargeRequest): ChargeResult {
    const charge = remembered.find(request) ?? lookUp(request);
    const { slots, isWhole, costs, rooms } = charge;
    const used = columns.read(slots);
    if (!haveRoom(rooms, used)) return { allowed: false, used };
    columns.add(slots, costs, used);
    if (!isWhole) begin(request, slots);
    return { allowed: true, used };
  }

  return {
    consume,
    get(partition, keys) {
      const counters = partitions.get(partition);
      return columns.read(keys.map((key) => counters?.get(key) ?? noSlot));
    },
  };
}

function haveRoom(rooms: readonly number[], used: readonly number[]): boolean {
  for (let index = 0; index < used.length; index += 1) {
    if ((used[index] ?? 0) > (rooms[index] ?? 0)) return false;
  }
  return true;
}

/** The most that the counter may hold before the charge. */
function roomOf({ cost, limit }: UsageWindow): number {
  return cost < 0 ? Number.POSITIVE_INFINITY : (limit ?? Number.MAX_SAFE_INTEGER) - cost;
}
