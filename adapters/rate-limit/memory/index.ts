import type {
  ChargeRequest,
  ChargeResult,
  RateLimitStore,
  UsageWindow,
} from '../../../src/index.ts';
import { type Counter, createSweep, type Partitions } from './sweep.ts';

/**
 * Counts usage in this process, exactly, and only in this process: two processes each grant the
 * whole limit. No timer runs, and no live counter is ever dropped: each new counter removes a few
 * that have expired.
 */
export function memoryRateLimitStore({ now }: { readonly now: () => number }): RateLimitStore {
  const partitions: Partitions = new Map();
  const sweep = createSweep(partitions, now);

  function countersOf(partition: string): Map<string, Counter> {
    const known = partitions.get(partition);
    if (known) return known;
    const counters = new Map<string, Counter>();
    partitions.set(partition, counters);
    return counters;
  }

  function consume({ partition, windows }: ChargeRequest): ChargeResult {
    const counters = countersOf(partition);
    const found = windows.map(({ key }) => counters.get(key));
    const used = found.map((counter) => (counter ? counter.used : 0));
    if (!windows.every((window, index) => hasRoom(window, used[index] ?? 0))) {
      return { allowed: false, used };
    }
    windows.forEach(({ key, cost, expiresAt }, index) => {
      const units = Math.max(0, (used[index] ?? 0) + cost);
      const counter = found[index];
      used[index] = units;
      if (counter) counter.used = units;
      else if (units > 0) {
        counters.set(key, { used: units, expiresAt });
        sweep();
      }
    });
    return { allowed: true, used };
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
