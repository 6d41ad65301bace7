import type {
  Member,
  Organization,
  StorageReader,
  StorageTransaction,
} from '../../../src/index.ts';
import { invitationWrites } from './invitation-writes.ts';
import { answerKey, type Journal, mailKey, membersOf, type State } from './state.ts';

const isActiveAdmin = ({ role, status }: Pick<Member, 'role' | 'status'>) =>
  role === 'admin' && status === 'active';

/** The organization with its counters moved from one member state to another, or why it may not. */
function recount(
  organization: Organization,
  from: Pick<Member, 'role' | 'status'> | undefined,
  to: Pick<Member, 'role' | 'status'>,
): Organization | 'last_admin' | 'member_limit_reached' {
  const admins = Number(isActiveAdmin(to)) - Number(from !== undefined && isActiveAdmin(from));
  const members = Number(to.status === 'active') - Number(from?.status === 'active');
  const activeAdmins = organization.activeAdmins + admins;
  const activeMembers = organization.activeMembers + members;
  if (admins < 0 && activeAdmins < 1) return 'last_admin';
  if (members > 0 && activeMembers > (organization.memberLimit ?? Number.POSITIVE_INFINITY)) {
    return 'member_limit_reached';
  }
  return { ...organization, activeAdmins, activeMembers };
}

/** The writes of one transaction; the caller holds the organization's lock. */
export function memoryTransaction(
  state: State,
  journal: Journal,
  reader: StorageReader,
): StorageTransaction {
  const { organizations, mails, auditEntries, answers } = state;

  function putMember(member: Member, from: Member | undefined) {
    const organization = organizations.get(member.orgId);
    if (!organization) throw new Error('a member of no organization');
    const recounted = recount(organization, from, member);
    if (typeof recounted === 'string') return recounted;
    journal.put(organizations, member.orgId, recounted);
    journal.put(membersOf(state, member.orgId), member.userId, member);
    return undefined;
  }

  return {
    ...reader,
    ...invitationWrites(state, journal),
    async insertOrganization(organization, admin) {
      if (organizations.has(organization.orgId)) return false;
      journal.put(organizations, organization.orgId, organization);
      journal.put(membersOf(state, admin.orgId), admin.userId, admin);
      return true;
    },
    async insertMember(member) {
      if (membersOf(state, member.orgId).has(member.userId)) return 'exists';
      return putMember(member, undefined) === undefined ? 'inserted' : 'member_limit_reached';
    },
    async updateMember(from, to) {
      const current = membersOf(state, to.orgId).get(to.userId);
      if (current?.role !== from.role || current.status !== from.status) return 'stale';
      return putMember(to, current) ?? 'updated';
    },
    async updateOrganization({ orgId, timeZone, zoneChange, allocation, invitePolicy }) {
      const organization = organizations.get(orgId);
      if (!organization) return;
      // A copy: the caller may go on with its own.
      const change = structuredClone({ timeZone, zoneChange, allocation, invitePolicy });
      journal.put(organizations, orgId, { ...organization, ...change });
    },
    async findAnswer(key, now) {
      const answer = answers.get(answerKey(key));
      return answer && answer.expiresAt > now ? answer : undefined;
    },
    async keepAnswer(answer, now) {
      for (const [key, { orgId, expiresAt }] of answers) {
        if (orgId === answer.orgId && expiresAt <= now) journal.remove(answers, key);
      }
      journal.put(answers, answerKey(answer), answer);
    },
    async insertMails(rows) {
      for (const mail of rows) {
        journal.put(mails, mailKey(mail), { ...mail, claimId: null });
      }
    },
    async insertAuditEntries(rows) {
      for (const entry of rows) journal.put(auditEntries, entry.id, entry);
    },
  };
}
