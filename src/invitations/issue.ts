import type { Context } from '../context.ts';
import type { Invitation } from '../model/invitation.ts';
import type { OutboxMail } from '../model/outbox-mail.ts';
import type { InvitationRow } from '../ports/list-query.ts';
import { newId } from '../system/new-id.ts';
import type { SettledTerms } from './terms.ts';

/** Whom to invite as what, and who answers for it. */
export interface Invitee extends SettledTerms {
  readonly orgId: string;
  readonly address: string;
  readonly invitedBy: string | null;
}

/** A new pending invitation, made `now`, with the mail that carries its link. */
export function issueInvitation(context: Context, invitee: Invitee, now: number): InvitationRow {
  const id = newId(context);
  const mail = newMail(context, { orgId: invitee.orgId, id }, now);
  const invitation: Invitation = {
    ...invitee,
    id,
    status: 'pending',
    // It tells rows apart and proves nothing, which the MAC does. In the order of the ids it goes to
    // the end of its index; a random one would touch another page for each of a thousand rows.
    selector: Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url'),
    generation: 1,
    createdAt: now,
    expiresAt: now + context.settings.inviteTtlMs,
    sendCount: 1,
    lastSendAt: now,
    mailId: mail.id,
    endedAt: null,
    endedBy: null,
  };
  return { invitation, mail };
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
  const mail = newMail(context, invitation, now);
  return {
    mail,
    invitation: {
      ...invitation,
      ...change,
      generation: invitation.generation + (rotate ? 1 : 0),
      expiresAt: now + context.settings.inviteTtlMs,
      sendCount: invitation.sendCount + 1,
      lastSendAt: now,
      mailId: mail.id,
    },
  };
}

function newMail(
  context: Context,
  { orgId, id }: Pick<Invitation, 'orgId' | 'id'>,
  now: number,
): OutboxMail {
  return {
    id: newId(context),
    orgId,
    invitationId: id,
    state: 'queued',
    attempts: 0,
    nextAttemptAt: now,
    lastError: null,
    createdAt: now,
  };
}
