import { isUsable } from '../model/invitation-state.ts';
import { admits, openPolicy } from '../model/invite-policy.ts';
import type { InvitationRow } from '../ports/list-query.ts';
import type { Standing } from '../ports/storage.ts';

/** Why an address is not invited. */
export type InviteRefusal =
  | {
      readonly step: 'refuse';
      readonly outcome: 'already_member' | 'member_disabled';
      readonly userId: string;
    }
  | { readonly step: 'refuse'; readonly outcome: 'domain_not_allowed' }
  | {
      readonly step: 'refuse';
      readonly outcome: 'pending_limit_reached' | 'member_limit_reached';
      readonly limit: number;
    };

/** What inviting an address comes to, given what the organization knows of it. */
export type InvitePlan =
  | { readonly step: 'create' }
  | { readonly step: 'renew' | 'keep'; readonly row: InvitationRow }
  | InviteRefusal;

/** What has to be known besides the organization's people. */
export interface InviteCircumstances {
  readonly now: number;
  /** Most pending invitations; `null` = no limit. */
  readonly pendingLimit: number | null;
  /** How many invitations are pending now. */
  readonly pending: number;
}

/**
 * Decides for one address after another, in the order in which they are asked for: each that is to be
 * invited takes one place under the pending limit and one of the free seats. An invitation holds no
 * seat, whoever accepts first does; but no call invites more people than there are seats for.
 */
export function planInvites(
  standing: Standing,
  { now, pendingLimit, pending }: InviteCircumstances,
): (address: string) => InvitePlan {
  const { organization } = standing;
  const memberLimit = organization?.memberLimit ?? null;
  const policy = organization?.invitePolicy ?? openPolicy;
  let places = pendingLimit === null ? Number.POSITIVE_INFINITY : pendingLimit - pending;
  let seats = Number.POSITIVE_INFINITY;
  if (organization && memberLimit !== null) seats = memberLimit - organization.activeMembers;
  const planKnown = planByPeople(standing, now);
  return (address) => {
    const plan = planKnown(address);
    if (plan.step === 'refuse' || plan.step === 'keep') return plan;
    if (!admits(policy, address)) return { step: 'refuse', outcome: 'domain_not_allowed' };
    if (memberLimit !== null && seats <= 0) {
      return { step: 'refuse', outcome: 'member_limit_reached', limit: memberLimit };
    }
    if (pendingLimit !== null && places <= 0) {
      return { step: 'refuse', outcome: 'pending_limit_reached', limit: pendingLimit };
    }
    seats -= 1;
    places -= 1;
    return plan;
  };
}

/** What the people alone say; the lookups are built once. */
function planByPeople(
  { members, invitations }: Standing,
  now: number,
): (address: string) => InvitePlan {
  // Disabled members come last and win: a second account must not revive a tombstone's address.
  const known = new Map(
    ['active', 'disabled'].flatMap((status) =>
      members
        .filter((member) => member.status === status)
        .map((member) => [member.address, member] as const),
    ),
  );
  const rows = new Map(invitations.map((row) => [row.invitation.address, row]));
  return (address) => {
    const member = known.get(address);
    if (member) {
      const outcome = member.status === 'active' ? 'already_member' : 'member_disabled';
      return { step: 'refuse', outcome, userId: member.userId };
    }
    const row = rows.get(address);
    if (!row) return { step: 'create' };
    return { step: isUsable(row.invitation, now) ? 'keep' : 'renew', row };
  };
}
