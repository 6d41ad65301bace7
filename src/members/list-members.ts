import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import type { ListInput } from '../access/list-input.ts';
import { listFields } from '../access/list-schema.ts';
import { paginate } from '../access/paginate.ts';
import { parseInput } from '../access/parse-input.ts';
import { requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { currentUsage } from '../limits/current-usage.ts';
import type { MemberStatus } from '../model/member.ts';
import { memberSortName } from '../model/member-sort-name.ts';
import type { MemberView } from '../model/member-view.ts';
import type { Page } from '../model/page.ts';
import { toMemberView } from './to-view.ts';

/** What `listMembers` takes. */
export interface ListMembersInput extends ListInput {
  /** Only this status. Default: `active`. */
  readonly status?: MemberStatus | 'all' | undefined;
  /**
   * By joining time, or by what the table shows first: the name, or the address of someone without
   * one, letter case ignored. Default: `joined`, and either one `asc`.
   */
  readonly sort?: 'joined' | 'name' | undefined;
}

const schema = inputObject({
  ...listFields,
  status: z._default(
    z.enum(['active', 'disabled', 'all'], 'must be active, disabled or all'),
    'active',
  ),
  sort: z._default(z.enum(['joined', 'name'], 'must be joined or name'), 'joined'),
});

/** A page of members, with what they used today and this month. */
export async function listMembers(
  context: Context,
  input: ListMembersInput,
): Promise<Page<MemberView>> {
  const { orgId, actor, limit, cursor, exactTotal, ...view } = parseInput(schema, input);
  const { status, role, search, sort, order = 'asc' } = view;
  const standing = await context.storage.load({ orgId, userIds: usersToLoad(actor) });
  const organization = requireAdmin(standing, actor);
  const page = await paginate(context.cursors, {
    scope: ['members', orgId, status, role, search ?? '', sort, order],
    limit,
    cursor,
    exactTotal,
    read: (page) =>
      context.storage.listMembers({
        orgId,
        status: status === 'all' ? undefined : status,
        role: role === 'all' ? undefined : role,
        search,
        sort,
        order,
        ...page,
        now: context.clock.now(),
      }),
    position: (member) => [
      sort === 'name' ? memberSortName(member) : member.joinedAt,
      member.userId,
    ],
  });
  const userIds = page.items.map(({ userId }) => userId);
  const used = await currentUsage(context, organization, userIds);
  return { ...page, items: page.items.map((member, index) => toMemberView(member, used[index])) };
}
