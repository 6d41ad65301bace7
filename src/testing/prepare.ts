import assert from 'node:assert/strict';
import type { Invitation } from '../model/invitation.ts';
import type { Member } from '../model/member.ts';
import type { Organization } from '../model/organization.ts';
import type { Storage } from '../ports/storage.ts';
import { sampleMail, sampleMember, sampleOrganization } from './sample-rows.ts';

/** Creates an organization whose only member is the active admin `admin`. */
export async function found(
  storage: Storage,
  change: Partial<Organization> = {},
): Promise<Organization> {
  const organization = sampleOrganization(change);
  const { orgId } = organization;
  const admin = sampleMember('admin', { orgId, role: 'admin' });
  const inserted = await storage.transaction(orgId, (tx) =>
    tx.insertOrganization(organization, admin),
  );
  assert.equal(inserted, true);
  return organization;
}

/** Adds members, in one transaction for each, as acceptances do. */
export async function join(storage: Storage, ...members: readonly Member[]): Promise<void> {
  for (const member of members) {
    const inserted = await storage.transaction(member.orgId, (tx) => tx.insertMember(member));
    assert.equal(inserted, 'inserted');
  }
}

/** Adds invitations of one organization with their mails. */
export async function invite(
  storage: Storage,
  ...invitations: readonly Invitation[]
): Promise<void> {
  const orgId = invitations[0]?.orgId ?? 'acme';
  const ids = await storage.transaction(orgId, async (tx) => {
    const inserted = await tx.insertInvitations(invitations);
    await tx.insertMails(invitations.map((invitation) => sampleMail(invitation)));
    return inserted;
  });
  assert.equal(ids.length, invitations.length);
}

/** The organization's counters as stored. */
export async function counters(storage: Storage, orgId = 'acme') {
  const { organization } = await storage.load({ orgId });
  return { admins: organization?.activeAdmins, members: organization?.activeMembers };
}

/** One member as stored. */
export async function findMember(
  storage: Storage,
  userId: string,
  orgId = 'acme',
): Promise<Member | undefined> {
  const { members } = await storage.load({ orgId, userIds: [userId] });
  return members[0];
}
