/**
 * Counters that are asked once for many charges: a decorator over any other store.
 *
 * @module
 */
import {
  type ChargeRequest,
  type ChargeResult,
  OrgUserManagerError,
  type RateLimitStore,
} from '../../../src/index.ts';
import { createHeldUnits } from './held-units.ts';
import { createKeptLeases } from './kept-leases.ts';
import { leasableCost, leaseIdOf } from './leasable.ts';
import { isAbandoned, type Leases } from './lease.ts';
import { createLender } from './lender.ts';
import { type LeaseOptions, parseOptions } from './options.ts';
import { createSpend } from './spend.ts';

export type { LeaseOptions } from './options.ts';

/**
 * Charges small portions in advance and spends them in this process, so that most charges need no
 * round trip. Nothing is ever allowed above a limit, because what is spent has been charged.
 *
 * The price: up to `portion` units of each other process are out of reach of this one, and less the
 * nearer a limit is; a process that is killed leaves its own charged until the window ends. A refusal is
 * repeated for `refusalMs`, even if another process gives units back. `used` is what this process knows.
 *
 * A charge with other limits than the last one asks the store, so a lowered limit holds from the next
 * call on. Charges that give units back, that cost a different amount in each window, or that happen once go
 * straight to the store. Throws `invalid_options`.
 *
 * @example
 * import { leasedRateLimitStore } from 'org-user-manager/leased';
 *
 * const rateLimitStore = leasedRateLimitStore(redisRateLimitStore({ client }), { portion: 50 });
 */
export function leasedRateLimitStore(
  store: RateLimitStore,
  options: LeaseOptions = {},
): RateLimitStore {
  const settings = parseOptions(options);
  const leases: Leases = new Map();
  const held = createHeldUnits();
  const lender = createLender(store, leases, held);
  const spend = createSpend(lender, held, settings);
  const kept = createKeptLeases(leases, { lender, held }, settings);

  async function consumeDirectly(request: ChargeRequest): Promise<ChargeResult> {
    const { allowed, used: totals } = await lender.consume(request);
    const used = held.usedIn(request, totals);
    held.forget(request);
    if (request.windows.some(({ cost }) => cost < 0)) {
      for (const lease of leases.values()) lease.refusal = undefined;
    }
    return { allowed, used };
  }

  async function consumeFromLease(request: ChargeRequest, cost: number): Promise<ChargeResult> {
    const id = leaseIdOf(request);
    while (!isAbandoned(request)) {
      const lease = kept.find(id, request);
      const result = await spend(lease, request, cost);
      kept.checkIn(id, lease);
      if (result) return result;
    }
    throw new OrgUserManagerError('unavailable', { done: false });
  }

  return {
    consume(request) {
      const cost = leasableCost(request);
      return cost === undefined ? consumeDirectly(request) : consumeFromLease(request, cost);
    },
    async get(partition, keys) {
      const totals = await store.get(partition, keys);
      return keys.map((key, index) =>
        Math.max(0, (totals[index] ?? 0) - held.heldOn(partition, key)),
      );
    },
    ...extrasOf(store),
    async close() {
      await kept.close();
      await store.close?.();
    },
  };
}

/** What a store may lack: it drops its counters by itself, or has no clock of its own. */
function extrasOf(store: RateLimitStore): Pick<RateLimitStore, 'sweep' | 'now'> {
  const sweep = store.sweep?.bind(store);
  const now = store.now?.bind(store);
  return { ...(sweep && { sweep }), ...(now && { now }) };
}
