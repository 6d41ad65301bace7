/** A counter of one window. */
export interface Counter {
  used: number;
  readonly expiresAt: number;
}

/** The counters by organization and name. */
export type Partitions = Map<string, Map<string, Counter>>;

// For each new counter: no charge pays for many, and the walk is faster than counters can come, also
// where each organization has one.
const steps = 3;

/** Walks through all counters, a few at a time and round after round, and removes what has expired. */
export function createSweep(partitions: Partitions, now: () => number): () => void {
  let rest = partitions.entries();
  let current: [string, Map<string, Counter>] | undefined;
  let counters: MapIterator<[string, Counter]> | undefined;

  function nextPartition(): void {
    if (current?.[1].size === 0) partitions.delete(current[0]);
    const next = rest.next();
    if (next.done) rest = partitions.entries();
    current = next.done ? undefined : next.value;
    counters = current?.[1].entries();
  }

  return () => {
    for (let step = 0; step < steps; step += 1) {
      const next = counters?.next();
      if (!next || next.done) nextPartition();
      else if (next.value[1].expiresAt < now()) current?.[1].delete(next.value[0]);
    }
  };
}
