import type { Insertable, Selectable } from 'kysely';
import {
  type AuditEntry,
  type Invitation,
  type InvitePolicy,
  type Member,
  memberSortName,
  type Organization,
  type OutboxMail,
  openPolicy,
  type ZoneChange,
} from '../../../src/index.ts';
import type { InvitationTable, MailTable, MemberTable, Tables } from './tables.ts';

const noPolicy = JSON.stringify(openPolicy);

function fromInvitePolicy(policy: InvitePolicy): string | null {
  const text = JSON.stringify(policy);
  return text === noPolicy ? null : text;
}

// Parsed wherever an organization is read: most have none of these.
const toInvitePolicy = (text: string | null): InvitePolicy =>
  text === null ? openPolicy : JSON.parse(text);
const toZoneChange = (text: string | null): ZoneChange | null =>
  text === null ? null : JSON.parse(text);

// Some drivers hand 64-bit integers out as texts; all of ours are safe integers.
const number = (value: number | string): number => Number(value);
const numberOrNull = (value: number | string | null): number | null =>
  value === null ? null : Number(value);

/** An organization's row for its first write. */
export function fromOrganization(
  organization: Organization,
): Insertable<Tables['oum_organization']> {
  const { orgId, name, memberLimit } = organization;
  return {
    id: orgId,
    name,
    member_limit: memberLimit,
    active_admins: organization.activeAdmins,
    active_members: organization.activeMembers,
    pending_upper_bound: organization.pendingUpperBound,
    revision: 1,
    created_at: organization.createdAt,
    ...fromOrganizationChange(organization),
  };
}

/** The columns of what may be set in an organization. */
export function fromOrganizationChange({
  timeZone,
  zoneChange,
  allocation,
  invitePolicy,
}: Organization): Pick<
  Tables['oum_organization'],
  'time_zone' | 'zone_change' | 'daily_allocation' | 'monthly_allocation' | 'invite_policy'
> {
  return {
    time_zone: timeZone,
    zone_change: zoneChange && JSON.stringify(zoneChange),
    daily_allocation: allocation.daily,
    monthly_allocation: allocation.monthly,
    invite_policy: fromInvitePolicy(invitePolicy),
  };
}

/** An organization from its row. */
export function toOrganization(row: Selectable<Tables['oum_organization']>): Organization {
  return {
    orgId: row.id,
    name: row.name,
    timeZone: row.time_zone,
    zoneChange: toZoneChange(row.zone_change),
    allocation: {
      daily: numberOrNull(row.daily_allocation),
      monthly: numberOrNull(row.monthly_allocation),
    },
    memberLimit: numberOrNull(row.member_limit),
    activeAdmins: number(row.active_admins),
    activeMembers: number(row.active_members),
    pendingUpperBound: number(row.pending_upper_bound),
    invitePolicy: toInvitePolicy(row.invite_policy),
    createdAt: number(row.created_at),
  };
}

/** A member's row. */
export function fromMember(member: Member): Insertable<MemberTable> {
  return {
    org_id: member.orgId,
    user_id: member.userId,
    address: member.address,
    name: member.name,
    sort_name: memberSortName(member),
    phone: member.phone,
    joined_at: member.joinedAt,
    invited_by: member.invitedBy,
    ...fromMemberChange(member),
  };
}

/** The columns of what may change in a member. */
export function fromMemberChange(
  change: Pick<Member, 'role' | 'status' | 'limit' | 'disabledAt'>,
): Pick<MemberTable, 'role' | 'status' | 'daily_limit' | 'monthly_limit' | 'disabled_at'> {
  return {
    role: change.role,
    status: change.status,
    daily_limit: change.limit.daily,
    monthly_limit: change.limit.monthly,
    disabled_at: change.disabledAt,
  };
}

/** A member from its row. */
export function toMember(row: Omit<Selectable<MemberTable>, 'sort_name'>): Member {
  return {
    orgId: row.org_id,
    userId: row.user_id,
    address: row.address,
    name: row.name,
    phone: row.phone,
    role: row.role,
    status: row.status,
    limit: { daily: numberOrNull(row.daily_limit), monthly: numberOrNull(row.monthly_limit) },
    joinedAt: number(row.joined_at),
    invitedBy: row.invited_by,
    disabledAt: numberOrNull(row.disabled_at),
  };
}

/** An invitation's row. */
export function fromInvitation(invitation: Invitation): InvitationTable {
  return {
    id: invitation.id,
    org_id: invitation.orgId,
    address: invitation.address,
    pending_address: invitation.status === 'pending' ? invitation.address : null,
    role: invitation.role,
    daily_limit: invitation.limit.daily,
    monthly_limit: invitation.limit.monthly,
    name: invitation.name,
    phone: invitation.phone,
    status: invitation.status,
    generation: invitation.generation,
    invited_by: invitation.invitedBy,
    created_at: invitation.createdAt,
    expires_at: invitation.expiresAt,
    send_count: invitation.sendCount,
    last_send_at: invitation.lastSendAt,
    ended_at: invitation.endedAt,
    ended_by: invitation.endedBy,
  };
}

/** An invitation from its row. */
export function toInvitation(
  row: Omit<Selectable<InvitationTable>, 'pending_address'>,
): Invitation {
  return {
    id: row.id,
    orgId: row.org_id,
    address: row.address,
    role: row.role,
    limit: { daily: numberOrNull(row.daily_limit), monthly: numberOrNull(row.monthly_limit) },
    name: row.name,
    phone: row.phone,
    status: row.status,
    generation: number(row.generation),
    invitedBy: row.invited_by,
    createdAt: number(row.created_at),
    expiresAt: number(row.expires_at),
    sendCount: number(row.send_count),
    lastSendAt: number(row.last_send_at),
    endedAt: numberOrNull(row.ended_at),
    endedBy: row.ended_by,
  };
}

/** A mail's row. */
export function fromMail(mail: OutboxMail): Insertable<MailTable> {
  return {
    org_id: mail.orgId,
    invitation_id: mail.invitationId,
    number: mail.number,
    state: mail.state,
    attempts: mail.attempts,
    next_attempt_at: mail.nextAttemptAt,
    last_error: mail.lastError,
    claim_id: null,
    created_at: mail.createdAt,
  };
}

/** A mail from its row. */
export function toMail(row: Omit<Selectable<MailTable>, 'claim_id'>): OutboxMail {
  return {
    orgId: row.org_id,
    invitationId: row.invitation_id,
    number: number(row.number),
    state: row.state,
    attempts: number(row.attempts),
    nextAttemptAt: number(row.next_attempt_at),
    lastError: row.last_error,
    createdAt: number(row.created_at),
  };
}

/** An audit entry's row. */
export function fromAuditEntry(entry: AuditEntry): Tables['oum_audit_entry'] {
  const { id, orgId, at, actor, action, subject, reason } = entry;
  return { id, org_id: orgId, at, actor, action, subject, reason };
}
