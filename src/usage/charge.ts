import { findMember } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import type { Charged, ChargeOutcome } from '../model/charge-outcome.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import type { ChargeRequest, ChargeResult, UsageWindow } from '../ports/rate-limit-store.ts';
import type { Standing } from '../ports/storage.ts';
import { andThen } from '../system/maybe-promise.ts';
import { type Once, onceFor } from './idempotency-key.ts';
import { isUncounted } from './is-uncounted.ts';
import { reachesAny } from './marks.ts';
import { type PreparedCharge, prepareCharge } from './prepared-charges.ts';
import { refuse } from './refuse.ts';
import { announceThresholds } from './thresholds.ts';

/** A checked charge. */
export interface Charge {
  readonly context: Context;
  readonly orgId: string;
  readonly userId: string;
  readonly activity: string;
  readonly cost: number;
  readonly idempotencyKey: string | undefined;
  /** Whether it is a reservation, whose settlement counts what was used. */
  readonly isHeld: boolean;
  /** When it is made, epoch milliseconds. */
  readonly at: number;
}

/**
 * Charges a member and the organization in one atomic step, or refuses and charges nothing. The standing
 * is the member's, read for this charge: a disabled member is refused before any counter. The outcome is
 * there at once when the counters do not have to be waited for.
 */
export function charge(standing: Standing, charge: Charge): MaybePromise<ChargeOutcome> {
  const { userId, activity, cost, idempotencyKey } = charge;
  const member = findMember(standing, userId);
  const { organization } = standing;
  if (!member || !organization) return { allowed: false, reason: 'not_a_member' };
  if (member.status !== 'active') return { allowed: false, reason: 'member_disabled' };
  const once = onceFor({ verb: 'consume', userId, activity, asked: cost, idempotencyKey });
  const prepared = prepareCharge(member, organization, charge);
  const request = withWindows(prepared.request, once.windows(cost));
  const attempt = { charge, prepared, once, request };
  return andThen(ask(attempt), judge, attempt);
}

/** A charge on its way through the counters. */
interface Attempt {
  readonly charge: Charge;
  readonly prepared: PreparedCharge;
  readonly once: Once;
  /** The prepared request, and the counters of the idempotency key after it. */
  readonly request: ChargeRequest;
}

function ask({ charge, request }: Attempt): MaybePromise<ChargeResult> {
  const { rateLimits } = charge.context;
  return charge.isHeld ? rateLimits.hold(request) : rateLimits.consume(request);
}

function withWindows(request: ChargeRequest, more: readonly UsageWindow[]): ChargeRequest {
  // A store may recognize a request that comes again.
  return more.length === 0 ? request : { ...request, windows: [...request.windows, ...more] };
}

/** A refusal is final once nothing is left that could still make room for the charge. */
function judge(result: ChargeResult, attempt: Attempt): MaybePromise<ChargeOutcome> {
  if (result.allowed) return conclude(result, attempt);
  const { charge, request } = attempt;
  const { context, orgId, at } = charge;
  const isWorthwhile = hasRoom(request, result) || context.giveBackExpired(orgId, at);
  return andThen(isWorthwhile, tryAgain, { result, attempt });
}

function tryAgain(
  isWorthwhile: boolean,
  { result, attempt }: { readonly result: ChargeResult; readonly attempt: Attempt },
): MaybePromise<ChargeOutcome> {
  if (!isWorthwhile) return conclude(result, attempt);
  return andThen(ask(attempt), conclude, attempt);
}

/** Whether units came back between the refusal and the reading of its counters. */
function hasRoom({ windows }: ChargeRequest, { used }: ChargeResult): boolean {
  return windows.every(
    ({ cost, limit }, index) => (used[index] ?? 0) + cost <= (limit ?? Number.MAX_SAFE_INTEGER),
  );
}

function conclude(
  result: ChargeResult,
  { charge, prepared, once, request }: Attempt,
): MaybePromise<ChargeOutcome> {
  const { context, orgId, userId, cost, at } = charge;
  const { terms, marks, timeZone } = prepared.plan;
  const { allowed, used } = result;
  // What is used in all is not known then.
  if (allowed && isUncounted(result)) {
    return { allowed, cost, at, timeZone, terms, used, note: 'uncounted' };
  }
  if (allowed) {
    const charged: Charged = { allowed, cost, at, timeZone, terms, used, note: undefined };
    if (!reachesAny(marks, used, cost)) return charged;
    const counted = { orgId, userId, cost, windows: request.windows, used };
    return announceThresholds(context, counted, marks).then(() => charged);
  }
  const first = once.firstUnits(used.slice(prepared.request.windows.length));
  // Its key was charged before, whatever the limits say by now.
  if (first > 0) {
    return { allowed: true, cost: first, at, timeZone, terms, used, note: 'replayed' };
  }
  return refuse(charge, { cost, at, timeZone, terms, used });
}
