import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import { accountSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Account } from '../model/actor.ts';
import { invitationStatus } from '../model/invitation.ts';
import { commit } from '../transactions/commit.ts';
import { openInvitation, refuseTombstone, requireInvitedAccount } from './open-invitation.ts';
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
  requireInvitedAccount(invitation, account);
  const { id: invitationId, orgId } = invitation;
  const { userId } = account;
  const now = context.clock.now();
  if (invitationStatus(invitation, now) !== 'pending') {
    throw new OrgUserManagerError('invitation_unusable', {});
  }
  await commit(context, orgId, async (tx, record) => {
    const { members } = await tx.load({ orgId, userIds: [userId], addresses: [account.email] });
    refuseTombstone(members, account);
    const ended = { status: 'declined', endedAt: now, endedBy: userId } as const;
    if (!(await tx.updateInvitation(invitation, { ...invitation, ...ended }))) {
      throw new OrgUserManagerError('conflict', {});
    }
    record('invitation.declined', { orgId, at: now, actor: userId, userId, invitationId });
  });
}
