import { parseInput } from '../access/parse-input.ts';
import { actingUser, requireAdmin, requireMember, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Member } from '../model/member.ts';
import { commit } from '../transactions/commit.ts';
import type { MemberInput } from './member-input.ts';
import { memberInputSchema } from './member-input-schema.ts';

/** A change of role or status. */
export interface MemberChange {
  readonly event: 'member.promoted' | 'member.demoted' | 'member.disabled';
  /** Whether the member already is as wanted; then nothing is written. May throw to refuse. */
  isDone(member: Member): boolean;
  /** What to write. */
  to(now: number): Partial<Pick<Member, 'role' | 'status' | 'disabledAt'>>;
}

/**
 * Changes one member in one transaction. Whoever stops being an active admin takes along the pending
 * invitations to the admin role that they answer for.
 */
export async function changeMember(
  context: Context,
  input: MemberInput,
  change: MemberChange,
): Promise<void> {
  const { orgId, actor, userId } = parseInput(memberInputSchema, input);
  const now = context.clock.now();
  await commit(context, orgId, async (tx, record) => {
    const standing = await tx.load({ orgId, userIds: usersToLoad(actor, userId) });
    requireAdmin(standing, actor);
    const from = requireMember(standing, userId);
    if (change.isDone(from)) return;
    const result = await tx.updateMember(from, { ...from, ...change.to(now) });
    if (result === 'last_admin') throw new OrgUserManagerError('last_admin', {});
    if (result !== 'updated') throw new OrgUserManagerError('conflict', {});
    const by = { orgId, at: now, actor: actingUser(actor) };
    record(change.event, { ...by, userId });
    if (from.role !== 'admin') return;
    for (const invitationId of await tx.revokeAdminInvitations({ orgId, userId }, now)) {
      record('invitation.revoked', { ...by, invitationId });
    }
  });
}

/** Throws `member_disabled` for a tombstone. */
export function refuseDisabled(member: Member): void {
  if (member.status !== 'active') throw new OrgUserManagerError('member_disabled', {});
}
