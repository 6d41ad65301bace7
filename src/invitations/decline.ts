import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import { accountSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Account } from '../model/actor.ts';
import { commit } from '../transactions/commit.ts';
import {
  openInvitation,
  refuseTombstone,
  requireInvitedAccount,
  requireUsable,
} from './open-invitation.ts';
import { retryOvertaken } from './retry-overtaken.ts';

/** What `decline` takes. */
export interface DeclineInput {
  /** The token from the invite link. */
  readonly token: string;
  /** The account the person is signed in with: only the invited one may decline. */
  readonly account: Account;
}

const schema = inputObject({ token: z.string('must be a string'), account: accountSchema });

/** Ends a pending invitation at the invited person's wish. */
export async function decline(context: Context, input: DeclineInput): Promise<void> {
  const { token, account } = parseInput(schema, input);
  await retryOvertaken(() => declineNow(context, token, account));
}

async function declineNow(context: Context, token: string, account: Account): Promise<void> {
  const invitation = await openInvitation(context, token);
  const now = context.clock.now();
  requireUsable(invitation, now);
  requireInvitedAccount(invitation, account);
  const { id: invitationId, orgId } = invitation;
  const { userId } = account;
  await commit(context, orgId, async (tx, record) => {
    const { members, invitations } = await tx.load({
      orgId,
      userIds: [userId],
      addresses: [account.email],
      invitationIds: [invitationId],
    });
    refuseTombstone(members, account);
    // Read again: it may have another inviter by now.
    const current = invitations[0]?.invitation ?? invitation;
    const ended = { status: 'declined', endedAt: now, endedBy: userId } as const;
    if (!(await tx.updateInvitation(invitation, { ...current, ...ended }))) {
      throw new OrgUserManagerError('conflict', {});
    }
    record('invitation.declined', { orgId, at: now, actor: userId, userId, invitationId });
  });
}
