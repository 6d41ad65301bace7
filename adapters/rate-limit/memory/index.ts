import type { ChargeRequest, RateLimitStore } from '../../../src/index.ts';

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

  function consume({ partition, windows, cost }: ChargeRequest) {
    let counters = partitions.get(partition);
    if (!counters) {
      counters = new Map();
      partitions.set(partition, counters);
    }
    const used = windows.map(({ key }) => counters.get(key)?.used ?? 0);
    const allowed = windows.every(
      ({ limit }, index) => (used[index] ?? 0) + cost <= (limit ?? Number.MAX_SAFE_INTEGER),
    );
    if (!allowed) return { allowed, used };
    for (const { key, expiresAt } of windows) {
      const counter = counters.get(key);
      if (counter) counter.used += cost;
      else counters.set(key, { used: cost, expiresAt });
      sweep();
    }
    return { allowed, used: used.map((units) => units + cost) };
  }

  return {
    consume: async (request) => consume(request),
    async get(partition, keys) {
      const counters = partitions.get(partition);
      return keys.map((key) => counters?.get(key)?.used ?? 0);
    },
  };
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
