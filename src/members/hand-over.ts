import type { InvitationHandover } from '../model/invitation-handover.ts';
import type { Role } from '../model/member.ts';
import type { InvitationsOfMember, StorageTransaction } from '../ports/storage.ts';
import type { RecordEvent } from '../transactions/commit.ts';

/** Who loses the right to answer for invitations, and what becomes of those. */
export interface Handover {
  readonly orgId: string;
  /** The member who loses the right. */
  readonly userId: string;
  /** The acting user; `null` for the system actor. */
  readonly actor: string | null;
  /** When it happens, epoch milliseconds. */
  readonly at: number;
  /** Only invitations to this role; `undefined` = to both. */
  readonly role: Role | undefined;
  /** Whether the actor answers for the invitations from now on; else they are revoked. */
  readonly keep: boolean;
}

/**
 * Revokes or reassigns what is usable of a member's invitations. It belongs in the transaction that
 * takes the member's right away, so that no usable invitation is ever without an inviter.
 */
export async function handOverInvitations(
  tx: StorageTransaction,
  record: RecordEvent,
  { orgId, userId, actor, at, role, keep }: Handover,
): Promise<InvitationHandover> {
  const theirs: InvitationsOfMember = { orgId, userId, role, now: at };
  const ids = keep
    ? await tx.reassignInvitationsOf(theirs, actor)
    : await tx.revokeInvitationsOf(theirs, actor);
  const event = keep ? 'invitation.reassigned' : 'invitation.revoked';
  for (const invitationId of ids) record(event, { orgId, at, actor, invitationId });
  return { revokedInvitations: keep ? 0 : ids.length, keptInvitations: keep ? ids.length : 0 };
}
