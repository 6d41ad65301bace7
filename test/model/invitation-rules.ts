import {
  type Account,
  type BulkInviteResult,
  type InvitationPreview,
  type InvitationView,
  type InviteResult,
  type InviteTerms,
  OrgUserManagerError,
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
  const { id, address, role, limit, name, phone, invitedBy, sendCount, links } = invitation;
  const isExpired = invitation.status === 'pending' && !isOpen(invitation, now);
  return {
    id,
    orgId: team.orgId,
    address,
    role,
    limit,
    name,
    phone,
    status: isExpired ? 'expired' : invitation.status,
    link: isOpen(invitation, now) ? (links.at(-1) ?? null) : null,
    invitedBy,
    createdAt: new Date(invitation.createdAt),
    expiresAt: new Date(invitation.expiresAt),
    sendCount,
    lastSendAt: new Date(invitation.lastSendAt),
    resendableAt: new Date(invitation.lastSendAt + terms.resendCooldownMs),
    delivery: { state: 'queued', attempts: 0, lastError: null },
  };
}

interface Sending {
  readonly team: Team;
  readonly now: number;
  readonly invitedBy: string | null;
  readonly minted: Minted;
  /** What the call says of all. */
  readonly forAll: InviteTerms;
  /** How many more people this call may invite. */
  seats: number;
}

/** What the person gets: the invitation's word, and where it has none the policy's. */
function settle(
  base: Pick<Invited, 'role' | 'limit'> & Partial<Pick<Invited, 'name' | 'phone'>>,
  { role, limit, name, phone }: InviteTerms,
) {
  const { daily = base.limit.daily, monthly = base.limit.monthly } = limit ?? {};
  return {
    role: role ?? base.role,
    limit: { daily, monthly },
    name: name ?? base.name ?? null,
    phone: phone ?? base.phone ?? null,
  };
}

function sendAgain(invitation: Invited, now: number, invitedBy: string | null): void {
  invitation.invitedBy = invitedBy;
  invitation.expiresAt = now + terms.inviteTtlMs;
  invitation.lastSendAt = now;
  invitation.sendCount += 1;
}

function isAdmitted({ invitePolicy: { allowedDomains, blockedDomains } }: Team, address: string) {
  const [, domain = ''] = address.split('@');
  const parents = domain.split('.').map((_, index, labels) => labels.slice(index + 1).join('.'));
  const names = [domain, ...parents.map((parent) => `*.${parent}`)];
  const among = (domains: readonly string[]) => domains.some((other) => names.includes(other));
  return !among(blockedDomains) && (allowedDomains.length === 0 || among(allowedDomains));
}

function freeSeats({ memberLimit, members }: Team): number {
  return memberLimit === null
    ? Number.POSITIVE_INFINITY
    : memberLimit - members.filter(isActive).length;
}

function inviteOne(address: string, given: InviteTerms, sending: Sending): InviteResult {
  const { team, now, invitedBy, minted } = sending;
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
  if (!isAdmitted(team, address)) return { outcome: 'domain_not_allowed', address };
  if (sending.seats <= 0) {
    return { outcome: 'member_limit_reached', address, limit: team.memberLimit ?? 0 };
  }
  const limit = terms.pendingInvitationLimit;
  if (openInvitations(team, now) >= limit) {
    return { outcome: 'pending_limit_reached', address, limit };
  }
  sending.seats -= 1;
  const settled = settle(settle(pending ?? team.invitePolicy, sending.forAll), given);
  if (pending) {
    Object.assign(pending, settled);
    sendAgain(pending, now, invitedBy);
    return { outcome: 'renewed', address, invitation: toView(team, pending, now) };
  }
  const created: Invited = {
    ...settled,
    id: minted.id(address),
    address,
    createdAt: now,
    links: [minted.link(address)],
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
  const seats = freeSeats(team);
  const sending = { team, now: world.now, invitedBy: by, minted, seats, forAll: {} };
  return inviteOne(input.email.toLowerCase(), input, sending);
}

export function inviteMany(
  world: World,
  input: Inputs['inviteMany'],
  minted: Minted,
): readonly BulkInviteResult[] {
  const { team, by } = requireAdmin(world, input);
  const { role, limit, addresses = [], perAddress = {} } = input;
  const seen = new Set<string>();
  const forAll = { role, limit };
  const sending = { team, now: world.now, invitedBy: by, minted, seats: freeSeats(team), forAll };
  return addresses.map((entry) => {
    if (!entry.includes('@')) {
      return { outcome: 'invalid_address', input: entry, reason: 'no-domain' };
    }
    const address = entry.toLowerCase();
    if (seen.has(address)) return { outcome: 'duplicate', address };
    seen.add(address);
    return inviteOne(address, perAddress[address] ?? {}, sending);
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
  if (!isAdmitted(team, invitation.address)) {
    throw new OrgUserManagerError('domain_not_allowed', {});
  }
  if (freeSeats(team) <= 0) {
    throw new OrgUserManagerError('member_limit_reached', { limit: team.memberLimit ?? 0 });
  }
  const limit = terms.pendingInvitationLimit;
  if (!isOpen(invitation, now) && openInvitations(team, now) >= limit) {
    throw new OrgUserManagerError('pending_limit_reached', { limit });
  }
  if (input.rotate) invitation.links.push(minted.link(invitation.address));
  invitation.role = input.role ?? invitation.role;
  sendAgain(invitation, now, by);
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

function refuseTombstone({ members }: Team, { userId, email }: Account): void {
  const isTheirs = (member: { userId: string; address: string }) =>
    member.userId === userId || member.address === email.toLowerCase();
  if (members.some((member) => isDisabled(member) && isTheirs(member))) {
    throw new OrgUserManagerError('member_disabled', {});
  }
}

export function accept(world: World, { token, account }: Inputs['accept']) {
  const { now } = world;
  const { team, invitation } = openLink(world, token);
  const { orgId, members, memberLimit } = team;
  const { userId } = account;
  const known = findMember(team, userId);
  // The user who accepted it may repeat that; to all others it is like an unknown link.
  if (known && invitation.status === 'accepted' && invitation.endedBy === userId) {
    refuseTombstone(team, account);
    return { orgId, userId, role: known.role };
  }
  if (!isOpen(invitation, now)) throw new OrgUserManagerError('invitation_unusable', {});
  requireInvited(invitation, account);
  refuseTombstone(team, account);
  if (known) throw new OrgUserManagerError('already_a_member', {});
  if (memberLimit !== null && members.filter(isActive).length >= memberLimit) {
    throw new OrgUserManagerError('member_limit_reached', { limit: memberLimit });
  }
  invitation.status = 'accepted';
  invitation.endedBy = userId;
  const { address, role, limit, name, phone, invitedBy } = invitation;
  members.push({
    orgId,
    userId,
    address,
    name: account.name ?? name,
    phone,
    role,
    status: 'active',
    limit,
    joinedAt: now,
    invitedBy,
    disabledAt: null,
  });
  return { orgId, userId, role };
}

export function decline(world: World, { token, account }: Inputs['decline']): void {
  const { team, invitation } = openLink(world, token);
  if (!isOpen(invitation, world.now)) throw new OrgUserManagerError('invitation_unusable', {});
  requireInvited(invitation, account);
  refuseTombstone(team, account);
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
  return { items, total: { count: items.length, exact: true } };
}
