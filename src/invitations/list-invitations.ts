import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import type { ListInput } from '../access/list-input.ts';
import { listFields } from '../access/list-schema.ts';
import { paginate } from '../access/paginate.ts';
import { parseInput } from '../access/parse-input.ts';
import { requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import type { InvitationStatus } from '../model/invitation.ts';
import type { InvitationView } from '../model/invitation-view.ts';
import type { Page } from '../model/page.ts';
import { toInvitationView } from './to-view.ts';

/** What `listInvitations` takes. */
export interface ListInvitationsInput extends ListInput {
  /** Only this state. Default: `pending`. */
  readonly status?: InvitationStatus | 'all' | undefined;
  /**
   * By the time the address was first invited, newest first unless `order` says otherwise, or by
   * the address, from a to z unless it does. Default: `created`.
   */
  readonly sort?: 'created' | 'address' | undefined;
}

const schema = inputObject({
  ...listFields,
  status: z._default(
    z.enum(
      ['pending', 'expired', 'accepted', 'declined', 'revoked', 'all'],
      'must be pending, expired, accepted, declined, revoked or all',
    ),
    'pending',
  ),
  sort: z._default(z.enum(['created', 'address'], 'must be created or address'), 'created'),
});

/** A page of invitations. */
export async function listInvitations(
  context: Context,
  input: ListInvitationsInput,
): Promise<Page<InvitationView>> {
  const { orgId, actor, limit, cursor, exactTotal, ...view } = parseInput(schema, input);
  const { status, role, search, sort, order = sort === 'created' ? 'desc' : 'asc' } = view;
  requireAdmin(await context.storage.load({ orgId, userIds: usersToLoad(actor) }), actor);
  const page = await paginate(context.cursors, {
    scope: ['invitations', orgId, status, role, search ?? '', sort, order],
    limit,
    cursor,
    exactTotal,
    read: (page) =>
      context.storage.listInvitations({
        orgId,
        status: status === 'all' ? undefined : status,
        role: role === 'all' ? undefined : role,
        search,
        sort,
        order,
        ...page,
        now: context.clock.now(),
      }),
    position: ({ invitation }) => [
      sort === 'address' ? invitation.address : invitation.createdAt,
      invitation.id,
    ],
  });
  const items = page.items.map((row) => toInvitationView(context, row.invitation, row.mail));
  return { ...page, items };
}
