import { findMember } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import type { Charged, ChargeOutcome } from '../model/charge-outcome.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import type { ChargeRequest, ChargeResult, UsageWindow } from '../ports/rate-limit-store.ts';
import type { Standing } from '../ports/storage.ts';
import { andThen } from '../system/maybe-promise.ts';
import { onceWindow } from './idempotency-key.ts';
import { type PreparedCharge, prepareCharge } from './prepared-charges.ts';
import { refuse } from './refuse.ts';
import { announceThresholds } from './thresholds.ts';

/** A checked charge. */
export interface Charge {
  readonly orgId: string;
  readonly userId: string;
  readonly activity: string;
  readonly cost: number;
  readonly idempotencyKey?: string | undefined;
  /** When it is made, epoch milliseconds. */
  readonly at: number;
}

/**
 * Charges a member and the organization in one atomic step, or refuses and charges nothing. The standing
 * is the member's, read for this charge: a disabled member is refused before any counter. The outcome is
 * there at once when the counters do not have to be waited for.
 */
export function charge(
  context: Context,
  charge: Charge,
  standing: Standing,
): MaybePromise<ChargeOutcome> {
  const member = findMember(standing, charge.userId);
  const { organization } = standing;
  if (!member || !organization) return { allowed: false, reason: 'not_a_member' };
  if (member.status !== 'active') return { allowed: false, reason: 'member_disabled' };
  const { timeZone } = organization;
  const calendar = context.calendar(organization, charge.at);
  const { activity, cost } = charge;
  const percents = context.settings.usageThresholdPercents;
  const prepared = prepareCharge({ member, organization, calendar, activity, cost, percents });
  const windows = withKey(prepared.windows, charge);
  const request = { partition: charge.orgId, windows };
  const attempt = { context, charge, timeZone, prepared, request };
  return andThen(context.rateLimits.consume(request), (result) => judge(attempt, result));
}

/** A charge on its way through the counters. */
interface Attempt {
  readonly context: Context;
  readonly charge: Charge;
  readonly timeZone: string;
  readonly prepared: PreparedCharge;
  readonly request: ChargeRequest;
}

/** The windows, and the counter that lets an idempotency key be charged once, if there is one. */
function withKey(
  windows: readonly UsageWindow[],
  { userId, cost, idempotencyKey, at }: Charge,
): readonly UsageWindow[] {
  if (idempotencyKey === undefined) return windows;
  return [...windows, onceWindow('consume', { userId, idempotencyKey, cost }, at)];
}

/** A refusal is final once nothing is left that could still make room for the charge. */
function judge(attempt: Attempt, result: ChargeResult): MaybePromise<ChargeOutcome> {
  if (result.allowed) return conclude(attempt, result);
  const { context, charge, request } = attempt;
  const isWorthwhile =
    hasRoom(request, result) || context.giveBackExpired(request.partition, charge.at);
  return andThen(isWorthwhile, (again) => {
    if (!again) return conclude(attempt, result);
    return andThen(context.rateLimits.consume(request), (second) => conclude(attempt, second));
  });
}

/** Whether units came back between the refusal and the reading of its counters. */
function hasRoom({ windows }: ChargeRequest, { used }: ChargeResult): boolean {
  return windows.every(
    ({ cost, limit }, index) => (used[index] ?? 0) + cost <= (limit ?? Number.MAX_SAFE_INTEGER),
  );
}

function conclude(attempt: Attempt, result: ChargeResult): MaybePromise<ChargeOutcome> {
  const { context, charge, prepared, timeZone } = attempt;
  const { orgId, userId, cost, at } = charge;
  const { allowed, used, uncounted } = result;
  const { plan, windows } = prepared;
  const { terms, marks } = plan;
  // What is used in all is not known then.
  if (allowed && uncounted) {
    return { allowed, cost, at, timeZone, terms, used, note: 'uncounted' };
  }
  if (allowed) {
    const charged: Charged = { allowed, cost, at, timeZone, terms, used, note: undefined };
    const announcing = announceThresholds(context, { orgId, userId, cost, windows, used }, marks);
    return announcing ? announcing.then(() => charged) : charged;
  }
  const first = used[windows.length] ?? 0;
  // Its key was charged before, whatever the limits say by now.
  if (first > 0) {
    return { allowed: true, cost: first, at, timeZone, terms, used, note: 'replayed' };
  }
  return refuse(context, charge, { cost, at, timeZone, terms, used });
}
