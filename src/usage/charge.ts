import { findMember } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { toWindowUsage } from '../limits/window-usage.ts';
import type { UsageDecision } from '../model/usage-decision.ts';
import type { ChargeRequest, ChargeResult, UsageWindow } from '../ports/rate-limit-store.ts';
import type { Standing } from '../ports/storage.ts';
import { onceWindow } from './idempotency-key.ts';
import { prepareCharge } from './prepared-charges.ts';
import { refuse } from './refuse.ts';
import { announceThresholds } from './thresholds.ts';

/** A checked charge. */
export interface Charge {
  readonly orgId: string;
  readonly userId: string;
  readonly activity: string;
  readonly cost: number;
  readonly idempotencyKey?: string | undefined;
}

/** When it is made, and by whom. */
export interface Charging {
  /** The member's standing, read for this charge: a disabled member is refused before any counter. */
  readonly standing: Standing;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Charges a member and the organization in one atomic step, or refuses and charges nothing. */
export async function charge(
  context: Context,
  charge: Charge,
  { standing, now }: Charging,
): Promise<UsageDecision> {
  const { orgId, userId, activity, cost } = charge;
  const member = findMember(standing, userId);
  const { organization } = standing;
  if (!member || !organization) return { allowed: false, reason: 'not_a_member' };
  if (member.status !== 'active') return { allowed: false, reason: 'member_disabled' };
  const { timeZone } = organization;
  const calendar = context.calendar(organization, now);
  const terms = { member, organization, calendar, activity, cost };
  const { policies, windows: charged } = prepareCharge(terms);
  const request = { partition: orgId, windows: withKey(charged, charge, now) };
  const { allowed, used, uncounted } = await consumeLastly(context, request);
  const windows = policies.map((policy, index) => toWindowUsage(policy, used[index] ?? 0));
  // What is used in all is not known then.
  if (allowed && uncounted) return { allowed, cost, timeZone, windows, uncounted };
  if (allowed) {
    const announcing = announceThresholds(context, { orgId, userId, cost, policies, used });
    if (announcing) await announcing;
    return { allowed, cost, timeZone, windows };
  }
  const first = used[charged.length] ?? 0;
  // Its key was charged before, whatever the limits say by now.
  if (first > 0) return { allowed: true, cost: first, timeZone, windows, replayed: true };
  return refuse(context, charge, { timeZone, windows });
}

/** The windows, and the counter that lets an idempotency key be charged once, if there is one. */
function withKey(
  windows: readonly UsageWindow[],
  { userId, cost, idempotencyKey }: Charge,
  now: number,
): readonly UsageWindow[] {
  if (idempotencyKey === undefined) return windows;
  return [...windows, onceWindow('consume', { userId, idempotencyKey, cost }, now)];
}

/** Charges. A refusal is final once nothing is left that could still make room for it. */
async function consumeLastly(
  { rateLimits, giveBackExpired }: Context,
  request: ChargeRequest,
): Promise<ChargeResult> {
  const result = await rateLimits.consume(request);
  if (result.allowed) return result;
  const again = hasRoom(request, result) || (await giveBackExpired(request.partition));
  return again ? rateLimits.consume(request) : result;
}

/** Whether units came back between the refusal and the reading of its counters. */
function hasRoom({ windows }: ChargeRequest, { used }: ChargeResult): boolean {
  return windows.every(
    ({ cost, limit }, index) => (used[index] ?? 0) + cost <= (limit ?? Number.MAX_SAFE_INTEGER),
  );
}
