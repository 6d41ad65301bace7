import { parseInput } from '../access/parse-input.ts';
import { actingUser, requireAdmin, requireMember, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import type { Units, UsageLimit } from '../model/usage-limit.ts';
import { commit } from '../transactions/commit.ts';
import { setLimitSchema } from './limit-inputs.ts';

/** What `setLimit` takes. */
export interface SetLimitInput {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
  readonly userId: string;
  /** Units a day; absent leaves it, `null` removes it, `0` blocks. */
  readonly daily?: Units | undefined;
  /** Units a month; absent leaves it, `null` removes it, `0` blocks. */
  readonly monthly?: Units | undefined;
}

/** Sets a member's individual limits; the very next request counts against them. */
export async function setLimit(context: Context, input: SetLimitInput): Promise<UsageLimit> {
  const { orgId, actor, userId, daily, monthly } = parseInput(setLimitSchema, input);
  const by = { orgId, at: context.clock.now(), actor: actingUser(actor) };
  return commit(context, orgId, async (tx, record) => {
    const standing = await tx.load({ orgId, userIds: usersToLoad(actor, userId) });
    requireAdmin(standing, actor);
    const member = requireMember(standing, userId);
    if (member.status !== 'active') throw new OrgUserManagerError('member_disabled', {});
    const limit = {
      daily: daily === undefined ? member.limit.daily : daily,
      monthly: monthly === undefined ? member.limit.monthly : monthly,
    };
    if ((await tx.updateMember(member, { ...member, limit })) !== 'updated') {
      throw new OrgUserManagerError('conflict', {});
    }
    record('member.limit_set', { ...by, userId });
    return limit;
  });
}
