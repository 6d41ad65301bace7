import assert from 'node:assert/strict';
import type { StandingQuery, Storage } from '../ports/storage.ts';
import { found, invite, join } from './prepare.ts';
import { now, sampleInvitation, sampleMember } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';

async function membersOf(storage: Storage, query: Omit<StandingQuery, 'orgId'>) {
  const { members } = await storage.load({ orgId: 'acme', ...query });
  return members.map(({ userId }) => userId).toSorted();
}

async function invitationsOf(storage: Storage, query: Omit<StandingQuery, 'orgId'>) {
  const { invitations } = await storage.load({ orgId: 'acme', ...query });
  return invitations.map(({ invitation }) => invitation.id).toSorted();
}

/** The one read of a decision. */
export const loadCases: StorageCases = {
  'load: an organization that is not there answers with nothing at all': async (storage) => {
    await found(storage);
    await invite(storage, sampleInvitation(1));
    const standing = await storage.load({
      orgId: 'globex',
      userIds: ['admin'],
      addresses: ['admin@example.com'],
      pendingAddresses: ['guest-1@example.com'],
      invitationIds: [sampleInvitation(1).id],
    });
    assert.deepEqual(standing, { organization: undefined, members: [], invitations: [] });
  },
  'load: nothing is given that was not asked for, by absent or by empty lists': async (storage) => {
    const organization = { ...(await found(storage)), pendingUpperBound: 1 };
    await invite(storage, sampleInvitation(1));
    const bare = { organization, members: [], invitations: [] };
    assert.deepEqual(await storage.load({ orgId: 'acme' }), bare);
    const empty = { userIds: [], addresses: [], pendingAddresses: [], invitationIds: [] };
    assert.deepEqual(await storage.load({ orgId: 'acme', ...empty }), bare);
  },
  'load: members are found by id or by address, each once, disabled ones too': async (storage) => {
    await found(storage);
    const kim = sampleMember('kim');
    await join(storage, sampleMember('sam'), kim, sampleMember('lee'));
    const gone = { ...kim, status: 'disabled', disabledAt: now } as const;
    await storage.transaction('acme', (tx) => tx.updateMember(kim, gone));
    assert.deepEqual(await membersOf(storage, { userIds: ['sam', 'kim', 'nobody'] }), [
      'kim',
      'sam',
    ]);
    assert.deepEqual(await membersOf(storage, { addresses: ['lee@example.com'] }), ['lee']);
    const both = {
      userIds: ['sam', 'sam', 'lee'],
      addresses: ['sam@example.com', 'kim@example.com'],
    };
    assert.deepEqual(await membersOf(storage, both), ['kim', 'lee', 'sam']);
  },
  'load: two members may have one address': async (storage) => {
    await found(storage);
    const address = 'shared@example.com';
    await join(storage, sampleMember('sam', { address }), sampleMember('kim', { address }));
    assert.deepEqual(await membersOf(storage, { addresses: [address] }), ['kim', 'sam']);
  },
  'load: invitations are found by id in any state, by address while pending, each once': async (
    storage,
  ) => {
    await found(storage);
    const [one, two, late] = [
      sampleInvitation(1),
      sampleInvitation(2),
      sampleInvitation(3, { expiresAt: now - 1 }),
    ];
    await invite(storage, one, two, late);
    const ended = { ...two, status: 'accepted', endedAt: now, endedBy: 'sam' } as const;
    await storage.transaction('acme', (tx) => tx.updateInvitation(two, ended));
    const addresses = [one, two, late].map(({ address }) => address);
    assert.deepEqual(await invitationsOf(storage, { pendingAddresses: addresses }), [
      one.id,
      late.id,
    ]);
    assert.deepEqual(await invitationsOf(storage, { invitationIds: [two.id] }), [two.id]);
    const both = { invitationIds: [one.id, one.id, two.id], pendingAddresses: [one.address] };
    assert.deepEqual(await invitationsOf(storage, both), [one.id, two.id]);
  },
  'load: nothing of another organization is ever found': async (storage) => {
    await found(storage);
    await found(storage, { orgId: 'globex' });
    const foreign = sampleInvitation(1, { orgId: 'globex' });
    await invite(storage, foreign);
    await join(storage, sampleMember('sam', { orgId: 'globex' }));
    const query = { userIds: ['sam'], addresses: ['sam@example.com'] };
    assert.deepEqual(await membersOf(storage, query), []);
    const pendingAddresses = [foreign.address];
    const own = await storage.load({
      orgId: 'acme',
      pendingAddresses,
      invitationIds: [foreign.id],
    });
    assert.deepEqual(own.invitations, []);
  },
  'load: five hundred people and addresses can be asked for at once': async (storage) => {
    await found(storage);
    await invite(storage, ...[1, 250, 499].map((number) => sampleInvitation(number)));
    const numbers = Array.from({ length: 500 }, (_, index) => index);
    const standing = await storage.load({
      orgId: 'acme',
      userIds: [...numbers.map((number) => `user-${number}`), 'admin'],
      addresses: numbers.map((number) => `user-${number}@example.com`),
      pendingAddresses: numbers.map((number) => `guest-${number}@example.com`),
      invitationIds: numbers.map((number) => sampleInvitation(number).id),
    });
    assert.equal(standing.members.length, 1);
    assert.equal(standing.invitations.length, 3);
  },
};
