import { parseInput } from '../access/parse-input.ts';
import { requireMember, requireSelfOrAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { currentUsage } from '../limits/current-usage.ts';
import type { MemberView } from '../model/member-view.ts';
import type { MemberInput } from './member-input.ts';
import { memberInputSchema } from './member-input-schema.ts';
import { toMemberView } from './to-view.ts';

/** One member with current usage (View). Members may look at themselves. */
export async function member(context: Context, input: MemberInput): Promise<MemberView> {
  const { orgId, actor, userId } = parseInput(memberInputSchema, input);
  const standing = await context.storage.load({ orgId, userIds: usersToLoad(actor, userId) });
  const organization = requireSelfOrAdmin(standing, actor, userId);
  const found = requireMember(standing, userId);
  const [used] = await currentUsage(context, organization, [userId]);
  return toMemberView(found, used);
}
