import { findMember } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { toWindowUsage } from '../limits/window-usage.ts';
import type { UsageDecision } from '../model/usage-decision.ts';
import type { ChargeRequest, ChargeResult } from '../ports/rate-limit-store.ts';
import { chargedWindows } from './charged-windows.ts';
import { onceWindow } from './idempotency-key.ts';
import { refuse } from './refuse.ts';

/** A checked charge. */
export interface Charge {
  readonly verb: 'consume' | 'reserve';
  readonly orgId: string;
  readonly userId: string;
  readonly activity: string;
  readonly cost: number;
  readonly idempotencyKey: string | undefined;
}

/**
 * Charges a member and the organization in one atomic step, or refuses and charges nothing.
 * Reads the member's standing first, every time: a disabled member is refused before any counter.
 */
export async function charge(
  context: Context,
  charge: Charge,
  now: number,
): Promise<UsageDecision> {
  const { verb, orgId, userId, activity, cost, idempotencyKey } = charge;
  const standing = await context.storage.load({ orgId, userIds: [userId] });
  const member = findMember(standing, userId);
  const { organization } = standing;
  if (!member || !organization) return { allowed: false, reason: 'not_a_member' };
  if (member.status !== 'active') return { allowed: false, reason: 'member_disabled' };
  const { timeZone } = organization;
  const calendar = context.calendar(timeZone, now);
  const { policies, shares } = chargedWindows({ member, organization, activity, calendar });
  const counters = [...policies, ...shares];
  const charged = counters.map(({ key, limit, expiresAt }) => ({ key, cost, limit, expiresAt }));
  const once =
    idempotencyKey === undefined ? [] : [onceWindow(verb, { userId, idempotencyKey, cost }, now)];
  const request = { partition: orgId, windows: [...charged, ...once] };
  const { allowed, used } = await consumeExactly(context, request);
  const windows = policies.map((policy, index) => toWindowUsage(policy, used[index] ?? 0));
  if (allowed) return { allowed, cost, timeZone, windows };
  const first = used[charged.length] ?? 0;
  // Its key was charged before, whatever the limits say by now.
  if (first > 0) return { allowed: true, cost: first, timeZone, windows, replayed: true };
  return refuse(context, charge, { timeZone, windows });
}

/** Charges, once more if the counters say that units came back while it was refused. */
async function consumeExactly(
  { rateLimits }: Context,
  request: ChargeRequest,
): Promise<ChargeResult> {
  const result = await rateLimits.consume(request);
  const hasRoom = request.windows.every(
    ({ cost, limit }, index) =>
      (result.used[index] ?? 0) + cost <= (limit ?? Number.MAX_SAFE_INTEGER),
  );
  return result.allowed || !hasRoom ? result : rateLimits.consume(request);
}
