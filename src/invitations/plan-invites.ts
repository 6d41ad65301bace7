import { type Invitation, invitationStatus } from '../model/invitation.ts';
import type { InvitationRow } from '../ports/list-query.ts';
import type { Standing } from '../ports/storage.ts';

/** What inviting an address comes to, given what the organization knows of it. */
export type InvitePlan =
  | { readonly step: 'create' }
  | { readonly step: 'renew'; readonly invitation: Invitation }
  | { readonly step: 'keep'; readonly row: InvitationRow }
  | {
      readonly step: 'refuse';
      readonly outcome: 'already_member' | 'member_disabled';
      readonly userId: string;
    };

/** Decides for one address after another; the lookups are built once. */
export function planInvites(
  standing: Pick<Standing, 'members' | 'invitations'>,
  now: number,
): (address: string) => InvitePlan {
  // Disabled members come last and win: a second account must not revive a tombstone's address.
  const members = new Map(
    ['active', 'disabled'].flatMap((status) =>
      standing.members
        .filter((member) => member.status === status)
        .map((member) => [member.address, member] as const),
    ),
  );
  const rows = new Map(standing.invitations.map((row) => [row.invitation.address, row]));
  return (address) => {
    const member = members.get(address);
    if (member) {
      const outcome = member.status === 'active' ? 'already_member' : 'member_disabled';
      return { step: 'refuse', outcome, userId: member.userId };
    }
    const row = rows.get(address);
    if (!row) return { step: 'create' };
    return invitationStatus(row.invitation, now) === 'expired'
      ? { step: 'renew', invitation: row.invitation }
      : { step: 'keep', row };
  };
}
