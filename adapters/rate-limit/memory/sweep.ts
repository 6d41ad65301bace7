import { type Columns, toExpiry } from './columns.ts';

/** The slots of counters, by organization and name. */
export type Partitions = Map<string, Map<string, number>>;

/** Removes what has expired. */
export interface Sweep {
  /** A few steps of a walk through all counters, round after round. */
  walk(): void;
  /** The latest expiry among the counters that were removed so far. */
  reached(): number;
}

// For each new counter: no charge pays for many, and the walk is faster than counters can come, also
// where each organization has one.
const steps = 3;

/** Creates the clean-up. */
export function createSweep(partitions: Partitions, columns: Columns, now: () => number): Sweep {
  let rest = partitions.entries();
  let current: [string, Map<string, number>] | undefined;
  let counters: MapIterator<[string, number]> | undefined;
  let reached = Number.NEGATIVE_INFINITY;

  function nextPartition(): void {
    if (current?.[1].size === 0) partitions.delete(current[0]);
    const next = rest.next();
    if (next.done) rest = partitions.entries();
    current = next.done ? undefined : next.value;
    counters = current?.[1].entries();
  }

  function removeExpired(key: string, slot: number): void {
    const expiry = columns.expiryOf(slot);
    if (expiry >= toExpiry(now())) return;
    current?.[1].delete(key);
    columns.free(slot);
    reached = Math.max(reached, expiry);
  }

  return {
    walk() {
      for (let step = 0; step < steps; step += 1) {
        const next = counters?.next();
        if (!next || next.done) nextPartition();
        else removeExpired(...next.value);
      }
    },
    reached: () => reached,
  };
}
