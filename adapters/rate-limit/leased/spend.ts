import type { ChargeRequest, ChargeResult } from '../../../src/index.ts';
import { ownContext } from '../../../src/system/own-context.ts';
import type { HeldUnits } from './held-units.ts';
import { haveSameLimits, roomIn, withCost } from './leasable.ts';
import { type Lease, ownCopy } from './lease.ts';
import type { Lender } from './lender.ts';
import type { LeaseSettings } from './options.ts';

/** Pays a charge from a lease, which is filled when it is empty. */
export type Spend = (
  lease: Lease,
  request: ChargeRequest,
  cost: number,
) => Promise<ChargeResult | undefined>;

// A process takes at most this fraction of the room below a limit in advance: other processes need the rest.
const share = 10;

/** Creates the payment. It answers undefined when the lease has changed during a wait: then look again. */
export function createSpend(
  lender: Lender,
  held: HeldUnits,
  { portion, refusalMs, clock }: LeaseSettings,
): Spend {
  const inOwnContext = ownContext();

  /** Charges what is asked for, and a portion in advance if there is plenty. */
  async function fill(lease: Lease, request: ChargeRequest, cost: number): Promise<ChargeResult> {
    const room = roomIn(request, held.usedIn(request));
    // The first charge on a lease may be the only one.
    const extra = lease.isIdle ? 0 : Math.max(0, Math.min(portion, Math.floor(room / share)));
    lease.isIdle = false;
    if (extra > 0 && (await lender.ask(withCost(request, cost + extra))).allowed) {
      lease.units += extra;
      held.add(request, extra);
      return { allowed: true, used: held.usedIn(request) };
    }
    const { allowed, used } = await lender.consume(request);
    const result = { allowed, used: held.usedIn(request, used) };
    lease.refusal = allowed ? undefined : { cost, at: clock.now(), result };
    return result;
  }

  function isFresh(refusedAt: number): boolean {
    const age = clock.now() - refusedAt;
    // A clock that was set back must not prolong it.
    return age >= 0 && age < refusalMs;
  }

  return async (lease, request, cost) => {
    if (lease.filling) {
      await lease.filling.answer;
      return undefined;
    }
    if (!haveSameLimits(lease.request, request)) {
      lease.refusal = undefined;
      lease.request = ownCopy(request);
      await lender.giveBack(lease);
      return undefined;
    }
    if (lease.units >= cost) {
      lease.units -= cost;
      lease.isIdle = false;
      held.add(request, -cost);
      return { allowed: true, used: held.usedIn(request) };
    }
    const { refusal } = lease;
    if (refusal && cost >= refusal.cost && isFresh(refusal.at)) return refusal.result;
    // Other callers wait for this answer as well.
    const answer = inOwnContext(() => fill(lease, request, cost));
    lease.filling = { request, answer };
    try {
      return await answer;
    } finally {
      lease.filling = undefined;
    }
  };
}
