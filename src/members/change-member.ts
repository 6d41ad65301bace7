import { actingUser, requireAdmin, requireMember, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { InvitationHandover } from '../model/invitation-handover.ts';
import type { Member } from '../model/member.ts';
import { commit } from '../transactions/commit.ts';
import { type Handover, handOverInvitations } from './hand-over.ts';
import type { MemberInput } from './member-input.ts';

/** A change of role or status. */
export interface MemberChange {
  readonly event: 'member.promoted' | 'member.demoted' | 'member.disabled';
  /** Whether the member already is as wanted; then nothing is written. May throw to refuse. */
  isDone(member: Member): boolean;
  /** What to write. */
  to(now: number): Partial<Pick<Member, 'role' | 'status' | 'disabledAt'>>;
  /** Which of their usable invitations they may no longer answer for; `null` = none. */
  readonly handover: Pick<Handover, 'role' | 'keep'> | null;
}

const nothing: InvitationHandover = { revokedInvitations: 0, keptInvitations: 0 };

/** Changes one member, and the invitations that they answer for, in one transaction. */
export async function changeMember(
  context: Context,
  { orgId, actor, userId }: MemberInput,
  change: MemberChange,
): Promise<InvitationHandover> {
  const now = context.clock.now();
  return commit(context, orgId, async (tx, record) => {
    const standing = await tx.load({ orgId, userIds: usersToLoad(actor, userId) });
    requireAdmin(standing, actor);
    const from = requireMember(standing, userId);
    if (change.isDone(from)) return nothing;
    const result = await tx.updateMember(from, { ...from, ...change.to(now) });
    if (result === 'last_admin') throw new OrgUserManagerError('last_admin', {});
    if (result !== 'updated') throw new OrgUserManagerError('conflict', {});
    const by = { orgId, at: now, actor: actingUser(actor) };
    record(change.event, { ...by, userId });
    if (!change.handover) return nothing;
    return handOverInvitations(tx, record, { ...by, userId, ...change.handover });
  });
}

/** Throws `member_disabled` for a tombstone. */
export function refuseDisabled(member: Member): void {
  if (member.status !== 'active') throw new OrgUserManagerError('member_disabled', {});
}
