import {
  type InvitePolicy,
  type Member,
  type Organization,
  OrgUserManagerError,
  type Role,
  type UsageLimit,
} from 'org-user-manager';

type Changing<T> = { -readonly [Key in keyof T]: T[Key] };

/** An invitation as the rules know it. */
export interface Invited {
  /** Ids and links are chosen by the library; the model takes them from its answers. */
  readonly id: string;
  readonly address: string;
  readonly createdAt: number;
  /** Every link it ever had; only the last one may work. */
  readonly links: string[];
  role: Role;
  limit: UsageLimit;
  name: string | null;
  phone: string | null;
  status: 'pending' | 'accepted' | 'declined' | 'revoked';
  invitedBy: string | null;
  expiresAt: number;
  sendCount: number;
  lastSendAt: number;
  endedBy: string | null;
}

/** One organization. */
export interface Team
  extends Pick<Organization, 'orgId' | 'name' | 'timeZone' | 'memberLimit' | 'createdAt'> {
  allocation: UsageLimit;
  invitePolicy: InvitePolicy;
  readonly members: Changing<Member>[];
  readonly invitations: Invited[];
  /** Every charge that was allowed: what is used is their sum, whatever the counters say. */
  readonly charges: { at: number; userId: string; activity: string; cost: number }[];
}

/** All that the rules need to know: plain data, so that it can be cloned. */
export interface World {
  now: number;
  readonly teams: Map<string, Team>;
}

/** The terms under which the tests run the manager: small numbers, so that limits are met. */
export const terms = {
  activities: ['search', 'export'],
  inviteTtlMs: 2 * 24 * 3_600_000,
  resendCooldownMs: 30_000,
  pendingInvitationLimit: 2,
};

export function findMember({ members }: Team, userId: string) {
  return members.find((member) => member.userId === userId);
}

export function requireMember(team: Team, userId: string) {
  const member = findMember(team, userId);
  if (!member) throw new OrgUserManagerError('member_not_found', {});
  return member;
}
