import { parseInput } from '../access/parse-input.ts';
import { requireAdmin, requireMember, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { LimitPreview } from '../model/limit-preview.ts';
import { setLimitSchema } from './limit-inputs.ts';
import { previewWindows } from './preview-windows.ts';
import type { SetLimitInput } from './set-limit.ts';
import { userWindows } from './usage-windows.ts';

/** What `setLimit` would do to the member now. */
export async function previewLimit(context: Context, input: SetLimitInput): Promise<LimitPreview> {
  const { orgId, actor, userId, ...change } = parseInput(setLimitSchema, input);
  const standing = await context.storage.load({ orgId, userIds: usersToLoad(actor, userId) });
  const organization = requireAdmin(standing, actor);
  const member = requireMember(standing, userId);
  if (member.status !== 'active') throw new OrgUserManagerError('member_disabled', {});
  const { daily = member.limit.daily, monthly = member.limit.monthly } = change;
  const limit = { daily, monthly };
  const calendar = context.calendar(organization, context.clock.now());
  const preview = await previewWindows(context, orgId, userWindows(userId, limit, calendar));
  const blockedMembers = preview.blocking.length > 0 ? 1 : 0;
  return { limit, timeZone: organization.timeZone, ...preview, blockedMembers };
}
