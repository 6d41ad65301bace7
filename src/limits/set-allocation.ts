import { parseInput } from '../access/parse-input.ts';
import { actingUser, requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import type { Actor } from '../model/actor.ts';
import type { Units, UsageLimit } from '../model/usage-limit.ts';
import { commit } from '../transactions/commit.ts';
import { setAllocationSchema } from './limit-inputs.ts';

/** What `setAllocation` takes. */
export interface SetAllocationInput {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
  /** Units a day for all members together; absent leaves it, `null` removes it, `0` blocks. */
  readonly daily?: Units | undefined;
  /** Units a month for all members together; absent leaves it, `null` removes it, `0` blocks. */
  readonly monthly?: Units | undefined;
}

/** Sets what the organization may consume in all; the very next request counts against it. */
export async function setAllocation(
  context: Context,
  input: SetAllocationInput,
): Promise<UsageLimit> {
  const { orgId, actor, ...change } = parseInput(setAllocationSchema, input);
  const by = { orgId, at: context.clock.now(), actor: actingUser(actor) };
  return commit(context, orgId, async (tx, record) => {
    const standing = await tx.load({ orgId, userIds: usersToLoad(actor) });
    const organization = requireAdmin(standing, actor);
    const { allocation: before } = organization;
    const { daily = before.daily, monthly = before.monthly } = change;
    const allocation = { daily, monthly };
    await tx.updateOrganization({ ...organization, allocation });
    record('organization.allocation_set', by);
    return allocation;
  });
}
