import * as z from 'zod/mini';
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
}

const schema = z.strictObject({
  ...listFields,
  status: z._default(
    z.enum(
      ['pending', 'expired', 'accepted', 'declined', 'revoked', 'all'],
      'must be pending, expired, accepted, declined, revoked or all',
    ),
    'pending',
  ),
});

/** Invitations, newest first. */
export async function listInvitations(
  context: Context,
  input: ListInvitationsInput,
): Promise<Page<InvitationView>> {
  const { orgId, actor, status, search, limit, cursor } = parseInput(schema, input);
  requireAdmin(await context.storage.load({ orgId, userIds: usersToLoad(actor) }), actor);
  const page = await paginate(context.cursors, {
    scope: ['invitations', orgId, status, search ?? ''],
    limit,
    cursor,
    read: (rows, after) =>
      context.storage.listInvitations({
        orgId,
        status: status === 'all' ? undefined : status,
        search,
        limit: rows,
        after,
        now: context.clock.now(),
      }),
    position: ({ invitation }) => [invitation.createdAt, invitation.id],
  });
  const items = page.items.map((row) => toInvitationView(context, row.invitation, row.mail));
  return { ...page, items };
}
