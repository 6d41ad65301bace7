import { inputObject } from '../access/input-object.ts';
import { actorSchema, idSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { isOrgUserManagerError } from '../errors/index.ts';
import { organizationWindows } from '../limits/usage-windows.ts';
import type { Actor } from '../model/actor.ts';
import type { Organization } from '../model/organization.ts';
import type { UsageHealth } from '../model/usage-health.ts';
import { usageWarnings } from './usage-warnings.ts';

/** What `usageHealth` takes. */
export interface UsageHealthInput {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
}

const schema = inputObject({ orgId: idSchema, actor: actorSchema });

/** Looks at the organization's limits and at the counters. */
export async function usageHealth(context: Context, input: UsageHealthInput): Promise<UsageHealth> {
  const { orgId, actor } = parseInput(schema, input);
  const standing = await context.storage.load({ orgId, userIds: usersToLoad(actor) });
  const organization = requireAdmin(standing, actor);
  const limits = await context.storage.countLimits(orgId);
  const { allocation } = organization;
  const isCounting = await canCount(context, organization);
  const isBehind = context.rateLimits.isWaiting(orgId);
  return { limits, warnings: usageWarnings({ limits, allocation, isCounting, isBehind }) };
}

/** Whether the counters answer. */
async function canCount(context: Context, organization: Organization): Promise<boolean> {
  const calendar = context.calendar(organization, context.clock.now());
  const [{ key }] = organizationWindows(organization, calendar);
  try {
    await context.rateLimits.get(organization.orgId, [key]);
    return true;
  } catch (error) {
    if (isOrgUserManagerError(error, 'usage_unavailable')) return false;
    throw error;
  }
}
