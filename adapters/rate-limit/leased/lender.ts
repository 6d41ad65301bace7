import type { ChargeRequest, ChargeResult, RateLimitStore } from '../../../src/index.ts';
import type { HeldUnits } from './held-units.ts';
import { withCost } from './leasable.ts';
import type { Lease, Leases } from './lease.ts';

/** What goes to the store itself. */
export interface Lender {
  /** Charges once; a refusal may be due to what this process holds. */
  ask(request: ChargeRequest): Promise<ChargeResult>;
  /** Charges, if need be after everything that is held on these counters has gone back. */
  consume(request: ChargeRequest): Promise<ChargeResult>;
  giveBack(lease: Lease): Promise<void>;
}

/** Creates the way to the store. */
export function createLender(store: RateLimitStore, leases: Leases, held: HeldUnits): Lender {
  async function ask(request: ChargeRequest): Promise<ChargeResult> {
    const result = await store.consume(request);
    held.see(request, result.used);
    return result;
  }

  async function giveBack(lease: Lease): Promise<void> {
    const { units, request } = lease;
    if (units === 0) return;
    lease.units = 0;
    try {
      const { partition, windows } = withCost(request, -units);
      await ask({ partition, windows });
    } finally {
      // After a failure the store may have them or not: they count as charged, and are never spent.
      held.add(request, -units);
      for (const other of leases.values()) other.refusal = undefined;
    }
  }

  async function makeRoom(request: ChargeRequest): Promise<boolean> {
    const touched = [...leases.values()].filter(
      (lease) => lease.units > 0 && shareCounters(lease.request, request),
    );
    await Promise.all(touched.map(giveBack));
    return touched.length > 0;
  }

  return {
    ask,
    giveBack,
    async consume(request) {
      const result = await ask(request);
      if (result.allowed || !(await makeRoom(request))) return result;
      return ask(request);
    },
  };
}

function shareCounters(a: ChargeRequest, b: ChargeRequest): boolean {
  if (a.partition !== b.partition) return false;
  const keys = new Set(b.windows.map(({ key }) => key));
  return a.windows.some(({ key }) => keys.has(key));
}
