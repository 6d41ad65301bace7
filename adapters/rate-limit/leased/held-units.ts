import type { ChargeRequest } from '../../../src/index.ts';

/** What the store counts that this process has not used yet, counter by counter. */
export interface HeldUnits {
  /** Notes units that were charged in advance, or (below 0) used or given back. */
  add(request: ChargeRequest, units: number): void;
  /** Notes what the store says of the counters of a charge. */
  see(request: ChargeRequest, totals: readonly number[]): void;
  /** The counters of a charge as far as they are used; `totals` as the store says, or has said last. */
  usedIn(request: ChargeRequest, totals?: readonly number[]): readonly number[];
  heldOn(partition: string, key: string): number;
  /** Forgets the counters of a charge that hold nothing. */
  forget(request: ChargeRequest): void;
}

interface Counter {
  total: number;
  held: number;
}

/** Creates an empty book. */
export function createHeldUnits(): HeldUnits {
  const partitions = new Map<string, Map<string, Counter>>();

  function counterOf(partition: string, key: string): Counter {
    const counters = partitions.get(partition) ?? new Map<string, Counter>();
    partitions.set(partition, counters);
    const counter = counters.get(key) ?? { total: 0, held: 0 };
    counters.set(key, counter);
    return counter;
  }

  return {
    add({ partition, windows }, units) {
      for (const { key } of windows) counterOf(partition, key).held += units;
    },
    see({ partition, windows }, totals) {
      for (const [index, { key }] of windows.entries()) {
        counterOf(partition, key).total = totals[index] ?? 0;
      }
    },
    usedIn({ partition, windows }, totals) {
      const counters = partitions.get(partition);
      return windows.map(({ key }, index) => {
        const { total = 0, held = 0 } = counters?.get(key) ?? {};
        return Math.max(0, (totals?.[index] ?? total) - held);
      });
    },
    heldOn: (partition, key) => partitions.get(partition)?.get(key)?.held ?? 0,
    forget({ partition, windows }) {
      const counters = partitions.get(partition);
      for (const { key } of windows) if (counters?.get(key)?.held === 0) counters.delete(key);
      if (counters?.size === 0) partitions.delete(partition);
    },
  };
}
