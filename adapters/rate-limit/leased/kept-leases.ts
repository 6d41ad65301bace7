import type { ChargeRequest } from '../../../src/index.ts';
import type { HeldUnits } from './held-units.ts';
import { emptyLease, isAbandoned, type Lease, type Leases } from './lease.ts';
import type { Lender } from './lender.ts';
import type { LeaseSettings } from './options.ts';

/** The leases that a process keeps for as long as they are used. */
export interface KeptLeases {
  /** The lease of these counters, an empty one if there is none. */
  find(id: string, request: ChargeRequest): Lease;
  /** Gives units back that came into a lease after it had been given up. */
  checkIn(id: string, lease: Lease): void;
  /** Gives up all of them. */
  close(): Promise<void>;
}

/** Keeps leases, and gives up those that are idle. */
export function createKeptLeases(
  leases: Leases,
  { lender, held }: { readonly lender: Lender; readonly held: HeldUnits },
  { idleMs, clock }: LeaseSettings,
): KeptLeases {
  let cancelSweep: (() => void) | undefined;

  function add(id: string, request: ChargeRequest): Lease {
    const lease = emptyLease(request);
    leases.set(id, lease);
    cancelSweep ??= clock.schedule(sweep, idleMs);
    return lease;
  }

  function sweep(): void {
    cancelSweep = undefined;
    for (const [id, lease] of leases) {
      if (lease.isIdle && !lease.filling) {
        leases.delete(id);
        void drop(lease);
      }
      lease.isIdle = true;
    }
    if (leases.size > 0) cancelSweep = clock.schedule(sweep, idleMs);
  }

  async function drop(lease: Lease): Promise<void> {
    // A store that is away keeps them charged until the window ends.
    await lender.giveBack(lease).catch(() => undefined);
    held.forget(lease.request);
  }

  return {
    find(id, request) {
      const lease = leases.get(id);
      if (!lease) return add(id, request);
      if (!lease.filling || !isAbandoned(lease.filling.request)) return lease;
      // The call that fills it may never be answered, and its caller has gone.
      void drop(lease);
      return add(id, request);
    },
    checkIn(id, lease) {
      if (leases.get(id) !== lease) void drop(lease);
    },
    async close() {
      cancelSweep?.();
      await Promise.all([...leases.values()].map(drop));
      leases.clear();
    },
  };
}
