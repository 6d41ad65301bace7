import {
  type InvitationHandover,
  type InvitePolicy,
  type Member,
  type MemberView,
  OrgUserManagerError,
  openPolicy,
  type UsageLimit,
} from 'org-user-manager';
import { requireAdmin, requireSelfOrAdmin } from './access-rules.ts';
import type { Inputs } from './operations.ts';
import { usedIn, windowsAt } from './usage-rules.ts';
import { requireMember, type Team, type World } from './world.ts';

const isActive = ({ status }: Member) => status === 'active';
const isActiveAdmin = (member: Member) => isActive(member) && member.role === 'admin';

export function createOrganization(world: World, input: Inputs['createOrganization']): void {
  const { orgId, name, admin, timeZone = 'UTC', allocation, memberLimit = null } = input;
  if (world.teams.has(orgId)) throw new OrgUserManagerError('organization_exists', {});
  const founder: Member = {
    orgId,
    userId: admin.userId,
    address: admin.email.toLowerCase(),
    name: admin.name ?? null,
    phone: null,
    role: 'admin',
    status: 'active',
    limit: { daily: null, monthly: null },
    joinedAt: world.now,
    invitedBy: null,
    disabledAt: null,
  };
  world.teams.set(orgId, {
    orgId,
    name,
    timeZone,
    allocation: { daily: allocation?.daily ?? null, monthly: allocation?.monthly ?? null },
    memberLimit,
    createdAt: world.now,
    invitePolicy: openPolicy,
    members: [founder],
    invitations: [],
    charges: [],
  });
}

export function organization(world: World, input: Inputs['organization']) {
  const { team } = requireAdmin(world, input);
  const { orgId, name, timeZone, allocation, memberLimit, invitePolicy, members } = team;
  return {
    ...{ orgId, name, timeZone, allocation, memberLimit, invitePolicy },
    activeAdmins: members.filter(isActiveAdmin).length,
    activeMembers: members.filter(isActive).length,
    createdAt: new Date(team.createdAt),
  };
}

export function setInvitePolicy(world: World, input: Inputs['setInvitePolicy']): InvitePolicy {
  const { team } = requireAdmin(world, input);
  const { invitePolicy: before } = team;
  const { daily = before.limit.daily, monthly = before.limit.monthly } = input.limit ?? {};
  team.invitePolicy = {
    allowedDomains: input.allowedDomains ?? before.allowedDomains,
    blockedDomains: input.blockedDomains ?? before.blockedDomains,
    role: input.role ?? before.role,
    limit: { daily, monthly },
  };
  return team.invitePolicy;
}

export function setAllocation(world: World, input: Inputs['setAllocation']): UsageLimit {
  const { team } = requireAdmin(world, input);
  const { daily = team.allocation.daily, monthly = team.allocation.monthly } = input;
  team.allocation = { daily, monthly };
  return team.allocation;
}

function requireNotLast({ members }: Team, userId: string): void {
  const others = members.filter((member) => isActiveAdmin(member) && member.userId !== userId);
  if (others.length === 0) throw new OrgUserManagerError('last_admin', {});
}

/** The invitations that a member answers for and that can still be accepted. */
function openInvitationsOf({ invitations }: Team, userId: string, now: number) {
  return invitations.filter(
    ({ status, invitedBy, expiresAt }) =>
      status === 'pending' && invitedBy === userId && now < expiresAt,
  );
}

function requireActive(team: Team, userId: string) {
  const member = requireMember(team, userId);
  if (!isActive(member)) throw new OrgUserManagerError('member_disabled', {});
  return member;
}

export function promote(world: World, input: Inputs['promote']): void {
  const { team } = requireAdmin(world, input);
  requireActive(team, input.userId).role = 'admin';
}

export function demote(world: World, input: Inputs['demote']): void {
  const { team } = requireAdmin(world, input);
  const member = requireActive(team, input.userId);
  if (member.role === 'member') return;
  requireNotLast(team, input.userId);
  member.role = 'member';
  for (const invitation of openInvitationsOf(team, input.userId, world.now)) {
    if (invitation.role === 'admin') invitation.status = 'revoked';
  }
}

export function disable(world: World, input: Inputs['disable']): InvitationHandover {
  const { actor, userId, keepInvitations = false } = input;
  if (keepInvitations && 'userId' in actor && actor.userId === userId) {
    const message = 'must be false when you disable yourself';
    const issues = [{ path: 'keepInvitations', message }];
    throw new OrgUserManagerError('invalid_input', { issues });
  }
  const { team, by } = requireAdmin(world, input);
  const member = requireMember(team, userId);
  if (!isActive(member)) return { revokedInvitations: 0, keptInvitations: 0 };
  if (member.role === 'admin') requireNotLast(team, userId);
  member.status = 'disabled';
  member.disabledAt = world.now;
  const theirs = openInvitationsOf(team, userId, world.now);
  for (const invitation of theirs) {
    if (keepInvitations) invitation.invitedBy = by;
    else invitation.status = 'revoked';
  }
  const count = theirs.length;
  return {
    revokedInvitations: keepInvitations ? 0 : count,
    keptInvitations: keepInvitations ? count : 0,
  };
}

/** Support alone brings somebody back, and without their old rights. */
export function restore({ teams }: World, { orgId, userId }: Inputs['restore']): void {
  const team = teams.get(orgId);
  if (!team) throw new OrgUserManagerError('member_not_found', {});
  const member = requireMember(team, userId);
  if (isActive(member)) return;
  const { memberLimit, members } = team;
  if (memberLimit !== null && members.filter(isActive).length >= memberLimit) {
    throw new OrgUserManagerError('member_limit_reached', { limit: memberLimit });
  }
  member.status = 'active';
  member.role = 'member';
  member.disabledAt = null;
}

export function setLimit(world: World, input: Inputs['setLimit']) {
  const { team } = requireAdmin(world, input);
  const member = requireActive(team, input.userId);
  const { daily = member.limit.daily, monthly = member.limit.monthly } = input;
  member.limit = { daily, monthly };
  return member.limit;
}

function toView({ now }: World, team: Team, member: Member): MemberView {
  const { day, month } = windowsAt(team.timeZone, now);
  const { userId, joinedAt, disabledAt } = member;
  return {
    ...member,
    usage: {
      today: usedIn(team, day, { userId }),
      thisMonth: usedIn(team, month, { userId }),
    },
    joinedAt: new Date(joinedAt),
    disabledAt: disabledAt === null ? null : new Date(disabledAt),
  };
}

export function member(world: World, input: Inputs['member']): MemberView {
  const { team } = requireSelfOrAdmin(world, input);
  return toView(world, team, requireMember(team, input.userId));
}

export function listMembers(world: World, input: Inputs['listMembers']) {
  const { team } = requireAdmin(world, input);
  const { status = 'active', search = '' } = input;
  const wanted = search.toLowerCase();
  const items = team.members
    .filter((one) => status === 'all' || one.status === status)
    .filter(({ address, name }) =>
      [address, name ?? ''].some((text) => text.toLowerCase().includes(wanted)),
    )
    .sort((a, b) => a.joinedAt - b.joinedAt || (a.userId < b.userId ? -1 : 1))
    .map((one) => toView(world, team, one));
  return { items, total: { count: items.length, exact: true } };
}
