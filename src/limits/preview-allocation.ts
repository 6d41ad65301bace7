import { parseInput } from '../access/parse-input.ts';
import { requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import type { LimitPreview } from '../model/limit-preview.ts';
import { setAllocationSchema } from './limit-inputs.ts';
import { previewWindows } from './preview-windows.ts';
import type { SetAllocationInput } from './set-allocation.ts';
import { organizationWindows } from './usage-windows.ts';

/** What `setAllocation` would do to the organization now. */
export async function previewAllocation(
  context: Context,
  input: SetAllocationInput,
): Promise<LimitPreview> {
  const { orgId, actor, ...change } = parseInput(setAllocationSchema, input);
  const standing = await context.storage.load({ orgId, userIds: usersToLoad(actor) });
  const organization = requireAdmin(standing, actor);
  const { timeZone, allocation, activeMembers } = organization;
  const { daily = allocation.daily, monthly = allocation.monthly } = change;
  const limit = { daily, monthly };
  const calendar = context.calendar(organization, context.clock.now());
  const windows = organizationWindows({ allocation: limit }, calendar);
  const preview = await previewWindows(context, orgId, windows);
  const blockedMembers = preview.blocking.length > 0 ? activeMembers : 0;
  return { limit, timeZone, ...preview, blockedMembers };
}
