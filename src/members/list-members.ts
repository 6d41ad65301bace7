import * as z from 'zod/mini';
import type { ListInput } from '../access/list-input.ts';
import { listFields } from '../access/list-schema.ts';
import { paginate } from '../access/paginate.ts';
import { parseInput } from '../access/parse-input.ts';
import { requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { currentUsage } from '../limits/current-usage.ts';
import type { MemberStatus } from '../model/member.ts';
import type { MemberView } from '../model/member-view.ts';
import type { Page } from '../model/page.ts';
import { toMemberView } from './to-view.ts';

/** What `listMembers` takes. */
export interface ListMembersInput extends ListInput {
  /** Only this status. Default: `active`. */
  readonly status?: MemberStatus | 'all' | undefined;
}

const schema = z.strictObject({
  ...listFields,
  status: z._default(
    z.enum(['active', 'disabled', 'all'], 'must be active, disabled or all'),
    'active',
  ),
});

/** Members by joining time, with what they used today and this month. */
export async function listMembers(
  context: Context,
  input: ListMembersInput,
): Promise<Page<MemberView>> {
  const { orgId, actor, status, search, limit, cursor } = parseInput(schema, input);
  const standing = await context.storage.load({ orgId, userIds: usersToLoad(actor) });
  const organization = requireAdmin(standing, actor);
  const page = await paginate(context.cursors, {
    scope: ['members', orgId, status, search ?? ''],
    limit,
    cursor,
    read: (rows, after) =>
      context.storage.listMembers({
        orgId,
        status: status === 'all' ? undefined : status,
        search,
        limit: rows,
        after,
        now: context.clock.now(),
      }),
    position: (member) => [member.joinedAt, member.userId],
  });
  const userIds = page.items.map(({ userId }) => userId);
  const used = await currentUsage(context, organization, userIds);
  return { ...page, items: page.items.map((member, index) => toMemberView(member, used[index])) };
}
