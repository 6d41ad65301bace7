import type { Context } from '../context.ts';
import type { Invitation } from '../model/invitation.ts';
import { invitationStatus, isUsable } from '../model/invitation-state.ts';
import type { InvitationView } from '../model/invitation-view.ts';
import type { OutboxMail } from '../model/outbox-mail.ts';

/** An invitation as an admin sees it, with its link while that works. */
export function toInvitationView(
  context: Pick<Context, 'clock' | 'links' | 'settings'>,
  invitation: Invitation,
  mail: Pick<OutboxMail, 'state' | 'attempts' | 'lastError'>,
): InvitationView {
  const now = context.clock.now();
  return {
    id: invitation.id,
    orgId: invitation.orgId,
    address: invitation.address,
    role: invitation.role,
    limit: invitation.limit,
    name: invitation.name,
    phone: invitation.phone,
    status: invitationStatus(invitation, now),
    link: isUsable(invitation, now) ? context.links.linkTo(invitation) : null,
    invitedBy: invitation.invitedBy,
    createdAt: new Date(invitation.createdAt),
    expiresAt: new Date(invitation.expiresAt),
    sendCount: invitation.sendCount,
    lastSendAt: new Date(invitation.lastSendAt),
    resendableAt: new Date(invitation.lastSendAt + context.settings.resendCooldownMs),
    delivery: { state: mail.state, attempts: mail.attempts, lastError: mail.lastError },
  };
}
