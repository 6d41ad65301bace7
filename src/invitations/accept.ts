import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import { accountSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { findMember } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Account } from '../model/actor.ts';
import type { Invitation } from '../model/invitation.ts';
import { isBacked } from '../model/invitation-state.ts';
import type { Member, Role } from '../model/member.ts';
import type { StandingQuery, StorageReader, StorageTransaction } from '../ports/storage.ts';
import { commit } from '../transactions/commit.ts';
import {
  openInvitation,
  refuseTombstone,
  requireInvitedAccount,
  requireUsable,
} from './open-invitation.ts';
import { retryOvertaken } from './retry-overtaken.ts';

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

const schema = inputObject({ token: z.string('must be a string'), account: accountSchema });

/** Turns a pending invitation into a membership. The same user may repeat it safely. */
export async function accept(context: Context, input: AcceptInput): Promise<Acceptance> {
  const { token, account } = parseInput(schema, input);
  return retryOvertaken(() => acceptNow(context, token, account));
}

async function acceptNow(context: Context, token: string, account: Account): Promise<Acceptance> {
  const opened = await openInvitation(context, token);
  const { id: invitationId, orgId } = opened;
  const { userId } = account;
  if (isAcceptedBy(opened, userId)) return repeat(context.storage, opened, account);
  const now = context.clock.now();
  requireUsable(opened, now);
  requireInvitedAccount(opened, account);
  return commit(context, orgId, async (tx, record) => {
    const newcomer = toMember(opened, account, now);
    // First of all: this write takes the organization's lock.
    const inserted = await tx.insertMember(newcomer);
    if (inserted !== 'inserted') return refuseOrRepeat(tx, { opened, account, inserted });
    const standing = await tx.load(peopleOf(opened, account));
    refuseTombstone(standing.members, account);
    if (!isBacked(opened, standing.members)) throw await refusalOfUnbacked(tx, opened);
    const ended = { ...opened, status: 'accepted', endedAt: now, endedBy: userId } as const;
    if (!(await tx.updateInvitation(opened, ended))) throw new OrgUserManagerError('conflict', {});
    record('invitation.accepted', { orgId, at: now, actor: userId, userId, invitationId });
    return { orgId, userId, role: newcomer.role };
  });
}

const isAcceptedBy = ({ status, endedBy }: Invitation, userId: string) =>
  status === 'accepted' && endedBy === userId;

/** Why an invitation is refused whose inviter has lost the right: `conflict` if it has another by now. */
async function refusalOfUnbacked(
  tx: StorageTransaction,
  { orgId, id, invitedBy }: Invitation,
): Promise<OrgUserManagerError> {
  const { invitations } = await tx.load({ orgId, invitationIds: [id] });
  const isReassigned = invitations.some(({ invitation }) => invitation.invitedBy !== invitedBy);
  return new OrgUserManagerError(isReassigned ? 'conflict' : 'invitation_unusable', {});
}

/** Everyone whose standing decides: the account, whoever has its address, the inviter. */
function peopleOf({ orgId, invitedBy }: Invitation, account: Account): StandingQuery {
  const userIds = invitedBy === null ? [account.userId] : [account.userId, invitedBy];
  return { orgId, userIds, addresses: [account.email] };
}

interface NotInserted {
  readonly opened: Invitation;
  readonly account: Account;
  readonly inserted: 'exists' | 'member_limit_reached';
}

/** The user is in already, perhaps by this very invitation a moment ago, or nobody fits in. */
async function refuseOrRepeat(
  tx: StorageTransaction,
  { opened, account, inserted }: NotInserted,
): Promise<Acceptance> {
  if (inserted === 'exists') return repeat(tx, opened, account);
  const { organization, members } = await tx.load(peopleOf(opened, account));
  refuseTombstone(members, account);
  if (members.some(({ userId }) => userId === account.userId)) return repeat(tx, opened, account);
  const limit = organization?.memberLimit ?? 0;
  throw new OrgUserManagerError('member_limit_reached', { limit });
}

/** Answers a repetition by the same user like the first time, and refuses everybody else. */
async function repeat(
  storage: StorageReader,
  opened: Invitation,
  account: Account,
): Promise<Acceptance> {
  const { orgId, id } = opened;
  const { userId } = account;
  const standing = await storage.load({ ...peopleOf(opened, account), invitationIds: [id] });
  refuseTombstone(standing.members, account);
  const known = findMember(standing, userId);
  const invitation = standing.invitations[0]?.invitation;
  if (known && invitation && isAcceptedBy(invitation, userId)) {
    return { orgId, userId, role: known.role };
  }
  const code =
    known && invitation?.status === 'pending' ? 'already_a_member' : 'invitation_unusable';
  throw new OrgUserManagerError(code, {});
}

function toMember(invitation: Invitation, account: Account, now: number): Member {
  return {
    orgId: invitation.orgId,
    userId: account.userId,
    address: invitation.address,
    name: account.name ?? invitation.name,
    phone: invitation.phone,
    role: invitation.role,
    status: 'active',
    limit: invitation.limit,
    joinedAt: now,
    invitedBy: invitation.invitedBy,
    disabledAt: null,
  };
}
