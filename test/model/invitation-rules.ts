import {
  type Account,
  type BulkInviteResult,
  type InvitationPreview,
  type InvitationView,
  type InviteResult,
  OrgUserManagerError,
  type Role,
} from 'org-user-manager';
import { requireAdmin } from './access-rules.ts';
import type { Minted } from './minted.ts';
import type { Inputs } from './operations.ts';
import { findMember, type Invited, type Team, terms, type World } from './world.ts';

const isActive = ({ status }: { readonly status: string }) => status === 'active';
const isDisabled = ({ status }: { readonly status: string }) => status === 'disabled';

function isOpen(invitation: Invited, now: number): boolean {
  return invitation.status === 'pending' && now < invitation.expiresAt;
}

function openInvitations({ invitations }: Team, now: number): number {
  return invitations.filter((invitation) => isOpen(invitation, now)).length;
}

/** A member with this address; a disabled one counts before all others. */
function findByAddress({ members }: Team, address: string) {
  const having = members.filter((member) => member.address === address);
  return having.find(isDisabled) ?? having[0];
}

/** The invitation as an admin sees it. No mail is sent in these tests. */
function toView(team: Team, invitation: Invited, now: number): InvitationView {
  const { id, address, role, invitedBy, sendCount, links } = invitation;
  const isExpired = invitation.status === 'pending' && !isOpen(invitation, now);
  return {
    id,
    orgId: team.orgId,
    address,
    role,
    status: isExpired ? 'expired' : invitation.status,
    link: isOpen(invitation, now) ? (links.at(-1) ?? null) : null,
    invitedBy,
    createdAt: new Date(invitation.createdAt),
    expiresAt: new Date(invitation.expiresAt),
    sendCount,
    lastSendAt: new Date(invitation.lastSendAt),
    delivery: { state: 'queued', attempts: 0, lastError: null },
  };
}

interface Sending {
  readonly team: Team;
  readonly now: number;
  readonly role: Role;
  readonly invitedBy: string | null;
  readonly minted: Minted;
}

function sendAgain(invitation: Invited, { now, role, invitedBy }: Omit<Sending, 'minted'>): void {
  invitation.role = role;
  invitation.invitedBy = invitedBy;
  invitation.expiresAt = now + terms.inviteTtlMs;
  invitation.lastSendAt = now;
  invitation.sendCount += 1;
}

function inviteOne(address: string, sending: Sending): InviteResult {
  const { team, now, role, invitedBy, minted } = sending;
  const member = findByAddress(team, address);
  if (member) {
    const outcome = isActive(member) ? 'already_member' : 'member_disabled';
    return { outcome, address, userId: member.userId };
  }
  const pending = team.invitations.find(
    (invitation) => invitation.address === address && invitation.status === 'pending',
  );
  if (pending && isOpen(pending, now)) {
    return { outcome: 'already_invited', address, invitation: toView(team, pending, now) };
  }
  const limit = terms.pendingInvitationLimit;
  if (openInvitations(team, now) >= limit) {
    return { outcome: 'pending_limit_reached', address, limit };
  }
  if (pending) {
    sendAgain(pending, sending);
    return { outcome: 'renewed', address, invitation: toView(team, pending, now) };
  }
  const created: Invited = {
    id: minted.id(address),
    address,
    createdAt: now,
    links: [minted.link(address)],
    role,
    status: 'pending',
    invitedBy,
    expiresAt: now + terms.inviteTtlMs,
    sendCount: 1,
    lastSendAt: now,
    endedBy: null,
  };
  team.invitations.push(created);
  return { outcome: 'invited', address, invitation: toView(team, created, now) };
}

export function invite(world: World, input: Inputs['invite'], minted: Minted): InviteResult {
  const { team, by } = requireAdmin(world, input);
  const { role = 'member', email } = input;
  return inviteOne(email.toLowerCase(), { team, now: world.now, role, invitedBy: by, minted });
}

export function inviteMany(
  world: World,
  input: Inputs['inviteMany'],
  minted: Minted,
): readonly BulkInviteResult[] {
  const { team, by } = requireAdmin(world, input);
  const { role = 'member' } = input;
  const seen = new Set<string>();
  return input.addresses.map((entry) => {
    if (!entry.includes('@')) {
      return { outcome: 'invalid_address', input: entry, reason: 'no-domain' };
    }
    const address = entry.toLowerCase();
    if (seen.has(address)) return { outcome: 'duplicate', address };
    seen.add(address);
    return inviteOne(address, { team, now: world.now, role, invitedBy: by, minted });
  });
}

/** One that has not ended; expired ones have not. */
function requirePending({ invitations }: Team, id: string): Invited {
  const invitation = invitations.find((other) => other.id === id);
  if (!invitation) throw new OrgUserManagerError('invitation_not_found', {});
  if (invitation.status !== 'pending') throw new OrgUserManagerError('invitation_unusable', {});
  return invitation;
}

export function resend(world: World, input: Inputs['resend'], minted: Minted): InvitationView {
  const { now } = world;
  const { team, by } = requireAdmin(world, input);
  const invitation = requirePending(team, input.invitationId);
  const mayBeSentAt = invitation.lastSendAt + terms.resendCooldownMs;
  if (now < mayBeSentAt) {
    const retryAt = new Date(mayBeSentAt).toISOString();
    throw new OrgUserManagerError('resend_too_soon', { retryAt });
  }
  const member = findByAddress(team, invitation.address);
  if (member) {
    const code = isActive(member) ? 'already_a_member' : 'member_disabled';
    throw new OrgUserManagerError(code, {});
  }
  const limit = terms.pendingInvitationLimit;
  if (!isOpen(invitation, now) && openInvitations(team, now) >= limit) {
    throw new OrgUserManagerError('pending_limit_reached', { limit });
  }
  if (input.rotate) invitation.links.push(minted.link(invitation.address));
  sendAgain(invitation, { team, now, role: input.role ?? invitation.role, invitedBy: by });
  return toView(team, invitation, now);
}

export function revoke(world: World, input: Inputs['revoke']): void {
  const { team, by } = requireAdmin(world, input);
  const invitation = requirePending(team, input.invitationId);
  invitation.status = 'revoked';
  invitation.endedBy = by;
}

/** Whoever holds a link learns one thing about all that do not work. */
function openLink({ teams }: World, token: string): { team: Team; invitation: Invited } {
  for (const team of teams.values()) {
    const invitation = team.invitations.find(({ links }) => links.at(-1)?.endsWith(`=${token}`));
    if (invitation) return { team, invitation };
  }
  throw new OrgUserManagerError('invitation_unusable', {});
}

const mask = (address: string) => `${address.slice(0, 1)}•••${address.slice(address.indexOf('@'))}`;

export function previewInvitation(
  world: World,
  { token }: Inputs['previewInvitation'],
): InvitationPreview {
  const { team, invitation } = openLink(world, token);
  if (!isOpen(invitation, world.now)) throw new OrgUserManagerError('invitation_unusable', {});
  return {
    organizationName: team.name,
    role: invitation.role,
    maskedAddress: mask(invitation.address),
    expiresAt: new Date(invitation.expiresAt),
  };
}

function requireInvited({ address }: Invited, { email, emailVerified }: Account): void {
  if (email.toLowerCase() !== address) {
    throw new OrgUserManagerError('wrong_account', { expectedAddress: mask(address) });
  }
  if (!emailVerified) throw new OrgUserManagerError('email_not_verified', {});
}

function refuseTombstone({ members }: Team, { address }: Invited, { userId }: Account): void {
  const isTheirs = (member: { userId: string; address: string }) =>
    member.userId === userId || member.address === address;
  if (members.some((member) => isDisabled(member) && isTheirs(member))) {
    throw new OrgUserManagerError('member_disabled', {});
  }
}

/** Nobody disabled answers for an invitation, and only an admin for one to the admin role. */
function isBacked(team: Team, { invitedBy, role }: Invited): boolean {
  if (invitedBy === null) return true;
  const inviter = findMember(team, invitedBy);
  return inviter?.status === 'active' && (role === 'member' || inviter.role === 'admin');
}

export function accept(world: World, { token, account }: Inputs['accept']) {
  const { now } = world;
  const { team, invitation } = openLink(world, token);
  requireInvited(invitation, account);
  refuseTombstone(team, invitation, account);
  const { orgId, members, memberLimit } = team;
  const { userId } = account;
  const known = findMember(team, userId);
  if (known && invitation.status === 'accepted' && invitation.endedBy === userId) {
    return { orgId, userId, role: known.role };
  }
  if (known && invitation.status === 'pending') {
    throw new OrgUserManagerError('already_a_member', {});
  }
  if (!isOpen(invitation, now)) throw new OrgUserManagerError('invitation_unusable', {});
  if (memberLimit !== null && members.filter(isActive).length >= memberLimit) {
    throw new OrgUserManagerError('member_limit_reached', { limit: memberLimit });
  }
  if (!isBacked(team, invitation)) throw new OrgUserManagerError('invitation_unusable', {});
  invitation.status = 'accepted';
  invitation.endedBy = userId;
  const { address, role, invitedBy } = invitation;
  members.push({
    orgId,
    userId,
    address,
    name: account.name ?? null,
    role,
    status: 'active',
    limit: { daily: null, monthly: null },
    joinedAt: now,
    invitedBy,
    disabledAt: null,
  });
  return { orgId, userId, role };
}

export function decline(world: World, { token, account }: Inputs['decline']): void {
  const { team, invitation } = openLink(world, token);
  requireInvited(invitation, account);
  if (!isOpen(invitation, world.now)) throw new OrgUserManagerError('invitation_unusable', {});
  refuseTombstone(team, invitation, account);
  invitation.status = 'declined';
  invitation.endedBy = account.userId;
}

export function listInvitations(world: World, input: Inputs['listInvitations']) {
  const { team } = requireAdmin(world, input);
  const { status = 'pending', search = '' } = input;
  const items = team.invitations
    .map((invitation) => toView(team, invitation, world.now))
    .filter((view) => status === 'all' || view.status === status)
    .filter(({ address }) => address.includes(search.toLowerCase()))
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1));
  return { items, total: items.length };
}
