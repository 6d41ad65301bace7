// Everything that checks its input with schemas, loaded by the first such call: importing the package
// and guarding requests need none of it.
export { accept } from './invitations/accept.ts';
export { bulkExtract } from './invitations/bulk-extract.ts';
export { decline } from './invitations/decline.ts';
export { invite } from './invitations/invite.ts';
export { inviteMany } from './invitations/invite-many.ts';
export { listInvitations } from './invitations/list-invitations.ts';
export { previewInvitation } from './invitations/preview-invitation.ts';
export { resend } from './invitations/resend.ts';
export { revoke } from './invitations/revoke.ts';
export { setLimit } from './limits/set-limit.ts';
export { demote } from './members/demote.ts';
export { disable } from './members/disable.ts';
export { listMembers } from './members/list-members.ts';
export { member } from './members/member.ts';
export { promote } from './members/promote.ts';
export { createOrganization } from './organizations/create-organization.ts';
export { organization } from './organizations/organization.ts';
export { setInvitePolicy } from './organizations/set-invite-policy.ts';
export { setTimeZone } from './organizations/set-time-zone.ts';
export { record } from './usage/record.ts';
export { reserve } from './usage/reserve.ts';
export { settleReservation } from './usage/settle-reservation.ts';
export { usage } from './usage/usage.ts';
export { usageHistory } from './usage/usage-history.ts';
