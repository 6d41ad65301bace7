import type { Context } from '../context.ts';
import { maskAddress } from '../emails/judge/judge-address.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Invitation } from '../model/invitation.ts';
import { isUsable } from '../model/invitation-state.ts';
import type { Member } from '../model/member.ts';

/**
 * The invitation that a token was made for, in whatever state. To someone who only holds a token
 * there is one answer to unknown, forged, replaced and ended ones: `invitation_unusable`.
 */
export async function openInvitation(context: Context, token: string): Promise<Invitation> {
  const parsed = context.links.parseToken(token);
  const invitation = parsed && (await context.storage.findInvitation(parsed.invitationId));
  if (!parsed?.proves(invitation) || !invitation) {
    throw new OrgUserManagerError('invitation_unusable', {});
  }
  return invitation;
}

/**
 * Throws `invitation_unusable` for what has ended or expired. It comes before any question about the
 * account, so that such a link says nothing more than an unknown one.
 */
export function requireUsable(invitation: Invitation, now: number): void {
  if (!isUsable(invitation, now)) throw new OrgUserManagerError('invitation_unusable', {});
}

/**
 * Whether the account may use the invitation: it must own the invited address.
 * Throws `email_not_verified` or `wrong_account`; the invitation stays as it is.
 */
export function requireInvitedAccount(
  invitation: Pick<Invitation, 'address'>,
  account: { readonly email: string; readonly emailVerified: boolean },
): void {
  if (account.email !== invitation.address) {
    const expectedAddress = maskAddress(invitation.address);
    throw new OrgUserManagerError('wrong_account', { expectedAddress });
  }
  if (!account.emailVerified) throw new OrgUserManagerError('email_not_verified', {});
}

/**
 * Refuses a disabled user, and a second account with a disabled member's address.
 * Throws `member_disabled`.
 */
export function refuseTombstone(
  members: readonly Member[],
  account: { readonly userId: string; readonly email: string },
): void {
  const tombstone = members.some(
    ({ status, userId, address }) =>
      status === 'disabled' && (userId === account.userId || address === account.email),
  );
  if (tombstone) throw new OrgUserManagerError('member_disabled', {});
}
