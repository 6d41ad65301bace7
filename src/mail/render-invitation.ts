import type { Role } from '../model/member.ts';
import type { MailMessage } from '../ports/mailer.ts';
import { neutralizeName, organizationInWords } from '../system/neutralize-name.ts';
import { formatExpiry } from './format-expiry.ts';
import { type InvitationWording, invitationHtml } from './invitation-html.ts';

/** What an invitation mail tells. */
export interface InvitationMail {
  /** As its admins typed it. */
  readonly organizationName: string;
  /** The inviting person as they call themselves; `null` when nobody in particular invited. */
  readonly inviterName: string | null;
  /** What the invited person becomes. */
  readonly role: Role;
  /** The invite link, absolute. */
  readonly link: string;
  /** First instant at which the link no longer works, epoch milliseconds. */
  readonly expiresAt: number;
  /** The organization's IANA time zone; the expiry is told in it. */
  readonly timeZone: string;
}

const roleWords: Readonly<Record<Role, string>> = { member: 'a member', admin: 'an admin' };

/**
 * Writes the mail of an invitation: a subject of one line and two bodies that say the same.
 *
 * Names are taken as hostile: they can bring neither markup nor a header nor a link into the mail.
 *
 * @example
 * const { subject, text, html } = renderInvitation({
 *   organizationName: 'Acme',
 *   inviterName: 'Robin',
 *   role: 'member',
 *   link: 'https://app.acme.example.com/invite#token',
 *   expiresAt: Date.UTC(2030, 0, 8, 12),
 *   timeZone: 'Europe/Berlin',
 * });
 */
export function renderInvitation(
  mail: InvitationMail,
): Pick<MailMessage, 'subject' | 'text' | 'html'> {
  const wording: InvitationWording = {
    organization: organizationInWords(mail.organizationName),
    inviter: neutralizeName(mail.inviterName ?? '') || null,
    role: roleWords[mail.role],
    link: mail.link,
    expiry: formatExpiry(mail.expiresAt, mail.timeZone),
  };
  return {
    subject: `You are invited to join ${wording.organization}`,
    text: invitationText(wording),
    html: invitationHtml(wording),
  };
}

function invitationText({ organization, inviter, role, link, expiry }: InvitationWording): string {
  // A line that began with a name written from right to left would be laid out that way round.
  const invited = inviter === null ? 'You are invited' : `You are invited by ${inviter}`;
  return [
    `${invited} to join ${organization} as ${role}.`,
    `Open this link to accept or decline:\n${link}`,
    `The link works until ${expiry}.`,
    'If you did not expect this, you can ignore it.\n',
  ].join('\n\n');
}
