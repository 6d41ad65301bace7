import * as z from 'zod/mini';
import { accountSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { findMember } from '../access/require-admin.ts';
import { commit } from '../commit.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Account } from '../model/actor.ts';
import { type Invitation, invitationStatus } from '../model/invitation.ts';
import type { Member, Role } from '../model/member.ts';
import { noLimit } from '../model/usage-limit.ts';
import type { Standing, StorageTransaction } from '../ports/storage.ts';
import { openInvitation, refuseTombstone, requireInvitedAccount } from './open-invitation.ts';

/** What `accept` takes. */
export interface AcceptInput {
  /** The token from the invite link. */
  readonly token: string;
  /** The account the person is signed in with, as vouched for by the host. */
  readonly account: Account;
}

/** What `accept` answers. */
export interface Acceptance {
  readonly orgId: string;
  readonly userId: string;
  /** What they may do from now on. */
  readonly role: Role;
}

const schema = z.strictObject({ token: z.string('must be a string'), account: accountSchema });

/** Turns a pending invitation into a membership. The same user may repeat it safely. */
export async function accept(context: Context, input: AcceptInput): Promise<Acceptance> {
  const { token, account } = parseInput(schema, input);
  const opened = await openInvitation(context, token);
  requireInvitedAccount(opened, account);
  const { id, orgId, address } = opened;
  const { userId } = account;
  const now = context.clock.now();
  return commit(context, orgId, async (tx, record) => {
    const userIds = opened.invitedBy === null ? [userId] : [userId, opened.invitedBy];
    const query = { orgId, userIds, addresses: [address], invitationIds: [id] };
    const standing = await tx.load(query);
    const invitation = standing.invitations.find((row) => row.invitation.id === id)?.invitation;
    const known = findMember(standing, userId);
    refuseTombstone(standing.members, account);
    if (known && invitation?.status === 'accepted' && invitation.endedBy === userId) {
      return { orgId, userId, role: known.role };
    }
    requireUsable(invitation, { standing, opened, now });
    if (known) throw new OrgUserManagerError('already_a_member', {});
    const newcomer = toMember(invitation, account, now);
    await join(tx, { invitation, newcomer, standing });
    record('invitation.accepted', { orgId, at: now, actor: userId, userId, invitationId: id });
    return { orgId, userId, role: newcomer.role };
  });
}

function toMember(invitation: Invitation, account: Account, now: number): Member {
  return {
    orgId: invitation.orgId,
    userId: account.userId,
    address: invitation.address,
    name: account.name ?? null,
    role: invitation.role,
    status: 'active',
    limit: noLimit,
    joinedAt: now,
    invitedBy: invitation.invitedBy,
    disabledAt: null,
  };
}

interface Joining {
  readonly invitation: Invitation;
  readonly newcomer: Member;
  readonly standing: Standing;
}

/** Ends the invitation and adds the member; whatever stands in the way undoes both. */
async function join(
  tx: StorageTransaction,
  { invitation, newcomer, standing }: Joining,
): Promise<void> {
  const { userId, joinedAt } = newcomer;
  const ended = { status: 'accepted', endedAt: joinedAt, endedBy: userId } as const;
  if (!(await tx.updateInvitation(invitation, { ...invitation, ...ended }))) {
    throw new OrgUserManagerError('invitation_unusable', {});
  }
  const inserted = await tx.insertMember(newcomer);
  if (inserted === 'exists') throw new OrgUserManagerError('already_a_member', {});
  if (inserted === 'member_limit_reached') {
    const limit = standing.organization?.memberLimit ?? 0;
    throw new OrgUserManagerError('member_limit_reached', { limit });
  }
}

interface Moment {
  readonly standing: Standing;
  /** The invitation that the token proved, read before the transaction. */
  readonly opened: Invitation;
  readonly now: number;
}

function requireUsable(
  invitation: Invitation | undefined,
  { standing, opened, now }: Moment,
): asserts invitation is Invitation {
  const usable =
    invitation !== undefined &&
    invitation.generation === opened.generation &&
    invitation.invitedBy === opened.invitedBy &&
    invitationStatus(invitation, now) === 'pending' &&
    isBacked(invitation, standing);
  if (!usable) throw new OrgUserManagerError('invitation_unusable', {});
}

/** An invitation to the admin role is worth no more than its inviter's right at this moment. */
function isBacked({ role, invitedBy }: Invitation, standing: Standing): boolean {
  if (role !== 'admin' || invitedBy === null) return true;
  const inviter = findMember(standing, invitedBy);
  return inviter?.role === 'admin' && inviter.status === 'active';
}
