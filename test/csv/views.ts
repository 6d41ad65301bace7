import type { InvitationView, MemberView } from 'org-user-manager';

export const member: MemberView = {
  orgId: 'acme',
  userId: 'u_1',
  address: 'ana@example.com',
  name: 'Ana Reyes',
  phone: '+12025550123',
  role: 'member',
  status: 'active',
  limit: { daily: 0, monthly: null },
  usage: { today: 3, thisMonth: 40 },
  joinedAt: new Date('2026-03-01T09:00:00Z'),
  invitedBy: null,
  disabledAt: null,
};

export const invitation: InvitationView = {
  id: 'i_1',
  orgId: 'acme',
  address: 'ana@example.com',
  role: 'member',
  limit: { daily: null, monthly: null },
  name: null,
  phone: null,
  status: 'pending',
  link: null,
  invitedBy: 'u_admin',
  createdAt: new Date('2026-03-01T09:00:00Z'),
  expiresAt: new Date('2026-03-08T09:00:00Z'),
  sendCount: 1,
  lastSendAt: new Date('2026-03-01T09:00:00Z'),
  resendableAt: new Date('2026-03-01T10:00:00Z'),
  delivery: { state: 'sent', attempts: 1, lastError: null },
};
