import type { Invitation, InvitationStatus } from './invitation.ts';
import type { Member } from './member.ts';

/**
 * Whether an invitation's link works at an instant. Lists, previews, plans, mails, `accept`,
 * `decline` and `resend` all ask this. It needs no inviter: a change that takes an inviter's right
 * away ends or reassigns their usable invitations in the same transaction.
 */
export function isUsable(
  { status, expiresAt }: Pick<Invitation, 'status' | 'expiresAt'>,
  now: number,
): boolean {
  return status === 'pending' && now < expiresAt;
}

/** The state of an invitation at an instant: pending ones are expired from `expiresAt` on. */
export function invitationStatus(
  invitation: Pick<Invitation, 'status' | 'expiresAt'>,
  now: number,
): InvitationStatus {
  const { status } = invitation;
  return status === 'pending' && !isUsable(invitation, now) ? 'expired' : status;
}

/**
 * Whether the inviter, who is among `members`, may still answer for an invitation. Always true of
 * what is usable, unless the stored member was changed past the manager: a last defence.
 */
export function isBacked(
  { role, invitedBy }: Pick<Invitation, 'role' | 'invitedBy'>,
  members: readonly Member[],
): boolean {
  if (invitedBy === null) return true;
  const inviter = members.find(({ userId }) => userId === invitedBy);
  return inviter?.status === 'active' && (role === 'member' || inviter.role === 'admin');
}
