import type { Context } from '../context.ts';
import type { Invitation } from '../model/invitation.ts';
import type { OutboxMail } from '../model/outbox-mail.ts';
import type { InvitationRow } from '../ports/list-query.ts';
import type { SettledTerms } from './terms.ts';

/** Whom to invite as what, and who answers for it. */
export interface Invitee extends SettledTerms {
  /** The invitation's. */
  readonly id: string;
  readonly orgId: string;
  readonly address: string;
  readonly invitedBy: string | null;
}

/** A new pending invitation, made `now`, with the mail that carries its link. */
export function issueInvitation(context: Context, invitee: Invitee, now: number): InvitationRow {
  const invitation: Invitation = {
    ...invitee,
    status: 'pending',
    generation: 1,
    createdAt: now,
    expiresAt: now + context.settings.inviteTtlMs,
    sendCount: 1,
    lastSendAt: now,
    endedAt: null,
    endedBy: null,
  };
  return { invitation, mail: newestMail(invitation) };
}

/** The same invitation with a new life and a new mail. Its link stays, unless it is rotated. */
export function reissueInvitation(
  context: Context,
  invitation: Invitation,
  {
    rotate = false,
    ...change
  }: Partial<SettledTerms> & Pick<Invitee, 'invitedBy'> & { readonly rotate?: boolean },
): InvitationRow {
  const now = context.clock.now();
  const reissued: Invitation = {
    ...invitation,
    ...change,
    generation: invitation.generation + (rotate ? 1 : 0),
    expiresAt: now + context.settings.inviteTtlMs,
    sendCount: invitation.sendCount + 1,
    lastSendAt: now,
  };
  return { invitation: reissued, mail: newestMail(reissued) };
}

function newestMail({ id, orgId, sendCount, lastSendAt }: Invitation): OutboxMail {
  return {
    orgId,
    invitationId: id,
    number: sendCount,
    state: 'queued',
    attempts: 0,
    nextAttemptAt: lastSendAt,
    lastError: null,
    createdAt: lastSendAt,
  };
}
