import assert from 'node:assert/strict';
import { countPending } from './count-pending.ts';
import { counters, found, invite, join } from './prepare.ts';
import { memberQuery } from './sample-queries.ts';
import { now, sampleInvitation, sampleMember } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';

const oddIds: Readonly<Record<string, string>> = {
  quotes: `it's "so" \`odd\``,
  'colons and slashes': 'https://id.example.com/u:1/..',
  braces: '{"$ne":null} {{x}} $(x)',
  'an emoji': '👩🏽‍🚀🎈',
  'spaces at its ends': '  sam  ',
  backslashes: '\\ \\\\ \\n \\0',
  'SQL in it': "'; drop table users; -- /* % _ */ ?",
  '255 characters': 'x'.repeat(255),
  'the name of an inherited property': '__proto__',
  'other scripts': 'Ünïcødé 日本語 עברית',
};

// No two of them are one id, though some databases think so.
const lookAlikes = [
  'sam',
  'Sam',
  'SAM',
  'sam ',
  ' sam',
  'sám',
  'sa\u0301m',
  'ſam',
  'sam\u200b',
  '1',
  '01',
  '1.0',
];

/** Goes once through everything that is keyed by an id. */
function roundTrip(id: string): StorageCases[string] {
  return async (storage) => {
    const organization = await found(storage, { orgId: id });
    await found(storage);
    const member = sampleMember(id, { orgId: id, role: 'admin', address: 'a@example.com' });
    await join(storage, member);
    const invitation = sampleInvitation(1, { orgId: id, role: 'admin', invitedBy: id });
    await invite(storage, invitation);
    const standing = await storage.load({ orgId: id, userIds: [id] });
    assert.deepEqual(standing.organization, {
      ...organization,
      activeAdmins: 2,
      activeMembers: 2,
      pendingUpperBound: 1,
    });
    assert.deepEqual(standing.members, [member]);
    assert.equal(await countPending(storage, now, id), 1);
    assert.equal((await storage.listMembers(memberQuery({ orgId: id }))).total.count, 2);
    const theirs = { orgId: id, userId: id, now };
    const changed = await storage.transaction(id, async (tx) => [
      await tx.reassignInvitationsOf(theirs, id),
      await tx.revokeInvitationsOf(theirs, id),
    ]);
    assert.deepEqual(changed, [[invitation.id], [invitation.id]]);
    const to = { ...member, role: 'member', invitedBy: null } as const;
    assert.equal(await storage.transaction(id, (tx) => tx.updateMember(member, to)), 'updated');
    assert.deepEqual(await counters(storage, id), { admins: 1, members: 2 });
    assert.deepEqual(await counters(storage), { admins: 1, members: 1 });
  };
}

/** Ids are the host's: any text of 1 to 255 characters without control characters. */
export const oddIdCases: StorageCases = {
  ...Object.fromEntries(
    Object.entries(oddIds).map(([what, id]) => [`odd ids: one with ${what}`, roundTrip(id)]),
  ),
  'odd ids: organizations whose ids look alike are different ones': async (storage) => {
    for (const orgId of lookAlikes) await found(storage, { orgId, name: `name of ${orgId}` });
    for (const orgId of lookAlikes) {
      const { organization } = await storage.load({ orgId });
      assert.equal(organization?.name, `name of ${orgId}`);
      assert.deepEqual(await counters(storage, orgId), { admins: 1, members: 1 });
    }
  },
  'odd ids: members whose ids look alike are different people': async (storage) => {
    await found(storage);
    await join(storage, ...lookAlikes.map((id) => sampleMember(id, { name: `name of ${id}` })));
    for (const id of lookAlikes) {
      const { members } = await storage.load({ orgId: 'acme', userIds: [id] });
      assert.deepEqual(
        members.map(({ name }) => name),
        [`name of ${id}`],
      );
    }
    assert.deepEqual(await counters(storage), { admins: 1, members: 1 + lookAlikes.length });
  },
  'odd ids: no two pairs of organization and user share a key': async (storage) => {
    const pairs = [
      ['a', 'b:c'],
      ['a:b', 'c'],
      ['a","b', 'c'],
      ['a', 'b","c'],
    ] as const;
    for (const [orgId] of pairs) {
      const { organization } = await storage.load({ orgId });
      if (!organization) await found(storage, { orgId });
    }
    await join(storage, ...pairs.map(([orgId, userId]) => sampleMember(userId, { orgId })));
    const { members } = await storage.load({ orgId: 'a', userIds: pairs.map(([, id]) => id) });
    assert.deepEqual(members.map(({ userId }) => userId).toSorted(), ['b","c', 'b:c']);
  },
  'odd ids: addresses that differ in letter case are different addresses': async (storage) => {
    await found(storage);
    await invite(
      storage,
      sampleInvitation(1, { address: 'Sam@example.com' }),
      sampleInvitation(2, { address: 'sam@example.com' }),
    );
    const pendingAddresses = ['Sam@example.com'];
    const { invitations } = await storage.load({ orgId: 'acme', pendingAddresses });
    assert.deepEqual(
      invitations.map(({ invitation }) => invitation.id),
      [sampleInvitation(1).id],
    );
  },
};
