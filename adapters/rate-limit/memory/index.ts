import type { ChargeRequest, RateLimitStore, UsageWindow } from '../../../src/index.ts';

interface Counter {
  used: number;
  expiresAt: number;
}

// Counters looked at for clean-up for each one charged: no charge pays for many, and the clean-up
// walks faster than new counters can come.
const sweepSteps = 2;

/**
 * Counts usage in this process, exactly, and only in this process: two processes each grant the
 * whole limit. No timer runs, and no live counter is ever dropped: a few expired ones are removed on
 * each charge.
 */
export function memoryRateLimitStore({ now }: { readonly now: () => number }): RateLimitStore {
  const partitions = new Map<string, Map<string, Counter>>();
  const sweep = createSweep(partitions, now);

  function countersOf(partition: string): Map<string, Counter> {
    const known = partitions.get(partition);
    if (known) return known;
    const counters = new Map<string, Counter>();
    partitions.set(partition, counters);
    return counters;
  }

  function consume({ partition, windows }: ChargeRequest) {
    const counters = countersOf(partition);
    const used = windows.map(({ key }) => counters.get(key)?.used ?? 0);
    const allowed = windows.every((window, index) => hasRoom(window, used[index] ?? 0));
    if (!allowed) return { allowed, used };
    const charged = windows.map(({ cost }, index) => Math.max(0, (used[index] ?? 0) + cost));
    for (const [index, { key, expiresAt }] of windows.entries()) {
      const units = charged[index] ?? 0;
      const counter = counters.get(key);
      if (counter) counter.used = units;
      else if (units > 0) counters.set(key, { used: units, expiresAt });
      sweep();
    }
    return { allowed, used: charged };
  }

  return {
    consume: async (request) => consume(request),
    async get(partition, keys) {
      const counters = partitions.get(partition);
      return keys.map((key) => counters?.get(key)?.used ?? 0);
    },
  };
}

function hasRoom({ cost, limit }: UsageWindow, used: number): boolean {
  return cost < 0 || used + cost <= (limit ?? Number.MAX_SAFE_INTEGER);
}

/** Walks through all counters, a few at a time and round after round. */
function createSweep(
  partitions: ReadonlyMap<string, Map<string, Counter>>,
  now: () => number,
): () => void {
  function* walk() {
    for (const counters of partitions.values()) {
      for (const [key, { expiresAt }] of counters) yield { counters, key, expiresAt };
    }
  }
  let walker = walk();
  return () => {
    for (let step = 0; step < sweepSteps; step += 1) {
      const next = walker.next();
      if (next.done) walker = walk();
      else if (next.value.expiresAt < now()) next.value.counters.delete(next.value.key);
    }
  };
}
