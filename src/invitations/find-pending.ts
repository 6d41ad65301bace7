import { OrgUserManagerError } from '../errors/index.ts';
import type { Invitation } from '../model/invitation.ts';
import type { Standing } from '../ports/storage.ts';

/**
 * The invitation, still pending (expired ones included).
 * Throws `invitation_not_found`, or `invitation_unusable` when it has ended.
 */
export function findPending(standing: Standing, invitationId: string): Invitation {
  const row = standing.invitations.find(({ invitation }) => invitation.id === invitationId);
  if (!row) throw new OrgUserManagerError('invitation_not_found', {});
  if (row.invitation.status !== 'pending') throw new OrgUserManagerError('invitation_unusable', {});
  return row.invitation;
}
