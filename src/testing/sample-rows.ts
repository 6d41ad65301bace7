import type { Invitation } from '../model/invitation.ts';
import { openPolicy } from '../model/invite-policy.ts';
import type { Member } from '../model/member.ts';
import type { Organization } from '../model/organization.ts';
import type { OutboxMail } from '../model/outbox-mail.ts';
import { noLimit } from '../model/usage-limit.ts';
import { uuid } from './uuid.ts';

/** The instant around which everything happens, epoch milliseconds. */
export const now = Date.parse('2027-01-15T08:00:00Z');

/** An organization before its first member; its counters are those of one admin. */
export function sampleOrganization(change: Partial<Organization> = {}): Organization {
  return {
    orgId: 'acme',
    name: 'Acme',
    timeZone: 'Europe/Berlin',
    zoneChange: null,
    allocation: { daily: null, monthly: null },
    memberLimit: null,
    activeAdmins: 1,
    activeMembers: 1,
    pendingUpperBound: 0,
    invitePolicy: openPolicy,
    createdAt: now,
    ...change,
  };
}

/** An active member; the address comes from the user id. */
export function sampleMember(userId: string, change: Partial<Member> = {}): Member {
  return {
    orgId: 'acme',
    userId,
    address: `${userId}@example.com`,
    name: null,
    phone: null,
    role: 'member',
    status: 'active',
    limit: { daily: null, monthly: null },
    joinedAt: now,
    invitedBy: null,
    disabledAt: null,
    ...change,
  };
}

/** A pending invitation. The number tells it from others: in its id and address. */
export function sampleInvitation(number: number, change: Partial<Invitation> = {}): Invitation {
  return {
    id: uuid(1, number),
    orgId: 'acme',
    address: `guest-${number}@example.com`,
    role: 'member',
    limit: noLimit,
    name: null,
    phone: null,
    status: 'pending',
    generation: 1,
    invitedBy: 'admin',
    createdAt: now,
    expiresAt: now + 1000,
    sendCount: 1,
    lastSendAt: now,
    endedAt: null,
    endedBy: null,
    ...change,
  };
}

/** The newest mail of an invitation: queued and due when it was asked for. */
export function sampleMail(invitation: Invitation, change: Partial<OutboxMail> = {}): OutboxMail {
  return {
    orgId: invitation.orgId,
    invitationId: invitation.id,
    number: invitation.sendCount,
    state: 'queued',
    attempts: 0,
    nextAttemptAt: invitation.lastSendAt,
    lastError: null,
    createdAt: invitation.lastSendAt,
    ...change,
  };
}
