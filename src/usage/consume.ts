import { idRule, isId } from '../access/is-id.ts';
import { findMember } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import { activityWindows, organizationWindows, userWindows } from '../limits/usage-windows.ts';
import { toWindowUsage } from '../limits/window-usage.ts';
import type { Organization } from '../model/organization.ts';
import type { UsageDecision, UsageLimitExceeded, WindowUsage } from '../model/usage-decision.ts';
import { defaults } from '../options.ts';

/** What `consume` takes. */
export interface ConsumeInput {
  readonly orgId: string;
  readonly userId: string;
  /** One of the configured activities. Default: the first one. */
  readonly activity?: string | undefined;
  /** Units, an integer from 1 to 2^53 - 1. Default: 1. */
  readonly cost?: number | undefined;
}

interface Charge {
  readonly orgId: string;
  readonly userId: string;
  readonly activity: string;
  readonly cost: number;
}

/**
 * Charges a member and the organization in one atomic step, or refuses and charges nothing.
 * Reads the member's standing first, every time: a disabled member is refused before any counter.
 */
export async function consume(context: Context, input: ConsumeInput): Promise<UsageDecision> {
  const charge = parseCharge(context, input);
  const { orgId, userId, activity, cost } = charge;
  const standing = await context.storage.load({ orgId, userIds: [userId] });
  const member = findMember(standing, userId);
  const { organization } = standing;
  if (!member || !organization) return { allowed: false, reason: 'not_a_member' };
  if (member.status !== 'active') return { allowed: false, reason: 'member_disabled' };
  const calendar = context.calendar(organization.timeZone, context.clock.now());
  const policies = [
    ...userWindows(userId, member.limit, calendar),
    ...organizationWindows(organization, calendar),
  ];
  const { allowed, used } = await context.rateLimits.consume({
    partition: orgId,
    windows: [...policies, ...activityWindows(userId, calendar.day, activity)].map((window) => ({
      ...window,
      cost,
    })),
  });
  const windows = policies.map((policy, index) => toWindowUsage(policy, used[index] ?? 0));
  if (allowed) return { allowed, cost, timeZone: organization.timeZone, windows };
  return refuse(context, { charge, organization, windows });
}

// Checked by hand: this runs on every request of the host.
function parseCharge(context: Context, input: ConsumeInput): Charge {
  const { activities } = context.settings;
  const { orgId, userId, activity = activities[0] ?? '', cost = 1, ...unknown } = input ?? {};
  const issues = [
    ...Object.keys(unknown).map((path) => ({ path, message: 'is not known' })),
    ...(isId(orgId) ? [] : [{ path: 'orgId', message: idRule }]),
    ...(isId(userId) ? [] : [{ path: 'userId', message: idRule }]),
    ...(activities.includes(activity)
      ? []
      : [{ path: 'activity', message: 'is not one of the configured activities' }]),
    ...(Number.isSafeInteger(cost) && cost >= 1
      ? []
      : [{ path: 'cost', message: 'must be an integer from 1 to 2^53 - 1' }]),
  ];
  if (issues.length > 0) throw new OrgUserManagerError('invalid_input', { issues });
  return { orgId, userId, activity, cost };
}

interface Refusal {
  readonly charge: Charge;
  readonly organization: Organization;
  readonly windows: readonly WindowUsage[];
}

async function refuse(
  context: Context,
  { charge, organization, windows }: Refusal,
): Promise<UsageLimitExceeded> {
  const { orgId, userId, activity, cost } = charge;
  const violated = windows.filter(
    ({ limit, used }) => used + cost > (limit ?? Number.MAX_SAFE_INTEGER),
  );
  const policies = violated.map(({ policy }) => policy);
  const at = context.clock.now();
  context.events.emit('usage.refused', { orgId, userId, at, activity, violated: policies });
  return {
    allowed: false,
    reason: 'limit_exceeded',
    cost,
    timeZone: organization.timeZone,
    windows,
    violated: policies,
    retryAt: retryAt(violated, cost),
    contact: await contactOf(context, orgId),
  };
}

/** When every refusing window has reset; waiting cannot help a cost above a limit. */
function retryAt(violated: readonly WindowUsage[], cost: number): Date | null {
  if (violated.some(({ limit }) => limit !== null && cost > limit)) return null;
  return new Date(Math.max(...violated.map(({ resetsAt }) => resetsAt.getTime())));
}

/** Whom to ask. A host that cannot say must not turn a refusal into an error. */
async function contactOf({ settings }: Context, orgId: string): Promise<string> {
  try {
    return await settings.contact(orgId);
  } catch (error) {
    settings.onError(error);
    return defaults.contact;
  }
}
