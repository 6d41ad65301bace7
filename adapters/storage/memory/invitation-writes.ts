import type { Invitation, InvitationsOfMember, StorageTransaction } from '../../../src/index.ts';
import { addressKey, type Journal, newestMailKey, type State } from './state.ts';

/** The writes to invitations. */
export function invitationWrites(
  { organizations, invitations, pending, mails }: State,
  journal: Journal,
): Pick<
  StorageTransaction,
  | 'insertInvitations'
  | 'deleteUnmailedInvitations'
  | 'updateInvitation'
  | 'replaceInvitations'
  | 'revokeInvitationsOf'
  | 'reassignInvitationsOf'
  | 'countPending'
> {
  function putInvitation(invitation: Invitation) {
    journal.put(invitations, invitation.id, invitation);
    const key = addressKey(invitation);
    if (invitation.status === 'pending') journal.put(pending, key, invitation.id);
    else journal.remove(pending, key);
  }

  function changeInvitationsOf(
    { orgId, userId, role, now }: InvitationsOfMember,
    change: Partial<Invitation>,
  ): readonly string[] {
    const theirs = usableIn(invitations, orgId, now).filter(
      (row) => row.invitedBy === userId && (role === undefined || row.role === role),
    );
    for (const row of theirs) putInvitation({ ...row, ...change });
    return theirs.map(({ id }) => id);
  }

  /** Undefined when there is no such organization. */
  function setPendingBound(orgId: string, change: (bound: number) => number) {
    const organization = organizations.get(orgId);
    if (!organization) return undefined;
    const pendingUpperBound = change(organization.pendingUpperBound);
    journal.put(organizations, orgId, { ...organization, pendingUpperBound });
    return pendingUpperBound;
  }

  return {
    async insertInvitations(rows) {
      const [first] = rows;
      if (!first) return [];
      const bound = setPendingBound(first.orgId, (before) => before + rows.length);
      if (bound === undefined) return [];
      const added = rows.filter((row) => {
        if (pending.has(addressKey(row))) return false;
        putInvitation(row);
        return true;
      });
      return added.map(({ id }) => id);
    },
    async deleteUnmailedInvitations(orgId, ids) {
      for (const id of ids) {
        const row = invitations.get(id);
        if (row?.orgId !== orgId || mails.has(newestMailKey(row))) continue;
        journal.remove(invitations, id);
        journal.remove(pending, addressKey(row));
      }
    },
    async updateInvitation(from, to) {
      const current = invitations.get(to.id);
      if (current?.status !== 'pending' || current.sendCount !== from.sendCount) return false;
      putInvitation(to);
      if (to.status === 'pending') setPendingBound(to.orgId, (bound) => bound + 1);
      return true;
    },
    async replaceInvitations(rows) {
      for (const row of rows) {
        if (invitations.get(row.id)?.status === 'pending') putInvitation(row);
      }
      const [first] = rows;
      if (first) setPendingBound(first.orgId, (bound) => bound + rows.length);
    },
    async revokeInvitationsOf(of, endedBy) {
      const ended = { status: 'revoked', endedAt: of.now, endedBy } as const;
      return changeInvitationsOf(of, ended);
    },
    async reassignInvitationsOf(of, invitedBy) {
      return changeInvitationsOf(of, { invitedBy });
    },
    async countPending(orgId, now) {
      return setPendingBound(orgId, () => usableIn(invitations, orgId, now).length) ?? 0;
    },
  };
}

// The core's `isUsable`, written again: an adapter has only what outsiders can import.
function usableIn(
  invitations: State['invitations'],
  orgId: string,
  now: number,
): readonly Invitation[] {
  return [...invitations.values()].filter(
    (row) => row.orgId === orgId && row.status === 'pending' && row.expiresAt > now,
  );
}
