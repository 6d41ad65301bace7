import type { Context } from '../context.ts';
import type { CurrentUsage } from '../model/member-view.ts';
import type { Organization } from '../model/organization.ts';
import { noLimit } from '../model/usage-limit.ts';
import { userWindows } from './usage-windows.ts';

/** What each of these users consumed today and this month, in one read. */
export async function currentUsage(
  context: Context,
  organization: Pick<Organization, 'orgId' | 'timeZone' | 'zoneChange'>,
  userIds: readonly string[],
): Promise<readonly CurrentUsage[]> {
  if (userIds.length === 0) return [];
  const calendar = context.calendar(organization, context.clock.now());
  const windows = userIds.flatMap((userId) => userWindows(userId, noLimit, calendar));
  const used = await context.rateLimits.get(
    organization.orgId,
    windows.map(({ key }) => key),
  );
  return userIds.map((_, index) => ({
    today: used[index * 2] ?? 0,
    thisMonth: used[index * 2 + 1] ?? 0,
  }));
}
