import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Storage } from '../ports/storage.ts';
import { counters, findMember, found, invite, join } from './prepare.ts';
import { invitationQuery, memberQuery } from './sample-queries.ts';
import {
  now,
  sampleInvitation,
  sampleMail,
  sampleMember,
  sampleOrganization,
} from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';

// Long enough for a read that does not wait for the transaction under way.
const readingMs = 50;

const failure = new Error('the work gives up');

async function expectFailure(work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => error === failure);
}

const audit = {
  id: '00000000-0000-7000-8009-000000000001',
  orgId: 'acme',
  at: now,
  actor: 'admin',
  action: 'member.disabled',
  subject: 'sam',
  reason: null,
};

/** What reads outside see of a transaction that is undone while they are under way. */
async function readDuring<T>(storage: Storage, read: () => Promise<T>): Promise<T> {
  let reading: Promise<T> | undefined;
  await expectFailure(
    storage.transaction('acme', async (tx) => {
      await tx.insertMember(sampleMember('sam'));
      const invitation = sampleInvitation(1);
      await tx.insertInvitations([invitation]);
      await tx.insertMails([sampleMail(invitation)]);
      // Not awaited alone: with one connection the read waits for this transaction.
      reading = read();
      await Promise.race([reading, pause(readingMs)]);
      throw failure;
    }),
  );
  assert.ok(reading, 'the transaction ran the work');
  return reading;
}

/** All or nothing, and one at a time. */
export const transactionCases: StorageCases = {
  'transactions: the caller gets what the work returned': async (storage) => {
    await found(storage);
    const answer = { some: 'answer' };
    assert.equal(await storage.transaction('acme', async () => answer), answer);
  },
  'transactions: whoever waits for the answer, for a while or for ever, gets it': async (
    storage,
  ) => {
    await found(storage);
    for (const remainingMs of [30_000.5, Number.POSITIVE_INFINITY]) {
      const caller = { isGone: false, remainingMs };
      const organization = await storage.transaction(
        'acme',
        async (tx) => (await tx.load({ orgId: 'acme' })).organization,
        caller,
      );
      assert.equal(organization?.orgId, 'acme');
    }
  },
  'transactions: the work sees what it has written': async (storage) => {
    await found(storage);
    await storage.transaction('acme', async (tx) => {
      const sam = sampleMember('sam');
      const invitation = sampleInvitation(1);
      await tx.insertMember(sam);
      await tx.insertInvitations([invitation]);
      await tx.insertMails([sampleMail(invitation)]);
      const query = { orgId: 'acme', userIds: ['sam'] };
      const standing = await tx.load(query);
      assert.deepEqual(standing.members, [sam]);
      assert.equal(standing.organization?.pendingUpperBound, 1);
      assert.equal(await tx.countPending('acme', now), 1);
      assert.equal(standing.organization?.activeMembers, 2);
      assert.deepEqual(await tx.findInvitation(sampleInvitation(1).id), invitation);
      assert.equal((await tx.listMembers(memberQuery())).total.count, 2);
      assert.equal((await tx.listInvitations(invitationQuery())).total.count, 1);
    });
  },
  'transactions: work that fails leaves nothing behind, and its own error comes out': async (
    storage,
  ) => {
    await found(storage);
    const kim = sampleMember('kim', { role: 'admin' });
    const pending = sampleInvitation(1, { role: 'admin', invitedBy: 'kim' });
    const other = sampleInvitation(2);
    await join(storage, kim);
    await invite(storage, pending, other);
    const query = {
      orgId: 'acme',
      userIds: ['kim', 'sam'],
      pendingAddresses: [pending.address, other.address],
    };
    const before = await storage.load(query);
    await expectFailure(
      storage.transaction('acme', async (tx) => {
        await tx.insertMember(sampleMember('sam'));
        await tx.updateMember(kim, { ...kim, status: 'disabled', disabledAt: now });
        await tx.revokeInvitationsOf({ orgId: 'acme', userId: 'kim', now }, 'admin');
        await tx.reassignInvitationsOf({ orgId: 'acme', userId: 'admin', now }, null);
        await tx.updateInvitation(other, { ...other, generation: 9 });
        const third = sampleInvitation(3);
        await tx.insertInvitations([third]);
        await tx.insertMails([sampleMail(third)]);
        const fourth = sampleInvitation(4);
        await tx.insertInvitations([fourth]);
        await tx.deleteUnmailedInvitations('acme', [fourth.id]);
        await tx.countPending('acme', now);
        await tx.insertAuditEntries([audit]);
        throw failure;
      }),
    );
    assert.deepEqual(await storage.load(query), before);
    assert.deepEqual(await storage.findInvitation(sampleInvitation(1).id), pending);
    assert.deepEqual(await storage.findInvitation(sampleInvitation(2).id), other);
    assert.equal(await storage.findInvitation(sampleInvitation(3).id), undefined);
    const lease = { claimId: 'a', now, leaseUntil: now + 1, limit: 9 };
    assert.equal((await storage.outbox.claim(lease)).length, 2);
    // The entry's id is free again.
    await storage.transaction('acme', (tx) => tx.insertAuditEntries([audit]));
  },
  'transactions: an organization whose creation is undone was never there': async (storage) => {
    await expectFailure(
      storage.transaction('acme', async (tx) => {
        await tx.insertOrganization(sampleOrganization(), sampleMember('admin', { role: 'admin' }));
        throw failure;
      }),
    );
    assert.equal((await storage.load({ orgId: 'acme' })).organization, undefined);
    await found(storage);
  },
  'transactions: a refused write is an answer, and the rest can still be committed': async (
    storage,
  ) => {
    await found(storage, { memberLimit: 2 });
    const sam = sampleMember('sam');
    await join(storage, sam);
    await invite(storage, sampleInvitation(1));
    await storage.transaction('acme', async (tx) => {
      const admin = sampleMember('admin', { role: 'admin' });
      const organization = sampleOrganization();
      assert.equal(await tx.insertOrganization(organization, admin), false);
      assert.equal(await tx.insertMember(sampleMember('kim')), 'member_limit_reached');
      assert.equal(await tx.updateMember(admin, { ...admin, role: 'member' }), 'last_admin');
      const twin = sampleInvitation(2, { address: 'guest-1@example.com' });
      assert.deepEqual(await tx.insertInvitations([twin]), []);
      assert.equal(await tx.updateInvitation({ sendCount: 7 }, sampleInvitation(1)), false);
      assert.equal(await tx.updateMember(sam, { ...sam, role: 'admin' }), 'updated');
    });
    assert.deepEqual(await counters(storage), { admins: 2, members: 2 });
  },
  'transactions: two on one organization never overlap': async (storage) => {
    await found(storage);
    let inside = 0;
    const overlaps: number[] = [];
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        storage.transaction('acme', async (tx) => {
          // Whichever statement comes first takes the lock.
          const { organization } = await tx.load({ orgId: 'acme' });
          inside += 1;
          try {
            if (inside > 1) overlaps.push(inside);
            const member = sampleMember(`user-${organization?.activeMembers}`);
            await pause(1);
            assert.equal(await tx.insertMember(member), 'inserted', `transaction ${index}`);
          } finally {
            inside -= 1;
          }
        }),
      ),
    );
    assert.deepEqual(overlaps, []);
    assert.deepEqual(await counters(storage), { admins: 1, members: 9 });
    assert.ok(await findMember(storage, 'user-8'));
  },
  'transactions: one that fails does not hold up or undo the next ones': async (storage) => {
    await found(storage);
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, (_, index) =>
        storage.transaction('acme', async (tx) => {
          await tx.insertMember(sampleMember(`user-${index}`));
          if (index % 2 === 0) throw failure;
        }),
      ),
    );
    assert.equal(results.filter(({ status }) => status === 'rejected').length, 3);
    assert.deepEqual(await counters(storage), { admins: 1, members: 4 });
  },
  'transactions: those on different organizations do not mix': async (storage) => {
    const orgIds = ['acme', 'globex', 'initech'];
    for (const orgId of orgIds) await found(storage, { orgId });
    await Promise.all(
      orgIds.flatMap((orgId) =>
        ['sam', 'kim'].map((userId) => join(storage, sampleMember(userId, { orgId }))),
      ),
    );
    for (const orgId of orgIds) {
      assert.deepEqual(await counters(storage, orgId), { admins: 1, members: 3 });
    }
  },
  'transactions: load outside sees only what is committed': async (storage) => {
    await found(storage);
    const standing = await readDuring(storage, async () =>
      storage.load({ orgId: 'acme', userIds: ['sam'] }),
    );
    assert.deepEqual(standing.members, []);
    assert.deepEqual(standing.organization, sampleOrganization());
  },
  'transactions: lists and links outside see only what is committed': async (storage) => {
    await found(storage);
    const [members, invitations, link] = await readDuring(storage, () =>
      Promise.all([
        storage.listMembers(memberQuery()),
        storage.listInvitations(invitationQuery()),
        storage.findInvitation(sampleInvitation(1).id),
      ]),
    );
    assert.equal(members.total.count, 1);
    assert.equal(invitations.total.count, 0);
    assert.equal(link, undefined);
  },
  'transactions: migrating again, and by several at once, keeps every row': async (storage) => {
    const organization = await found(storage);
    await Promise.all([storage.migrate(), storage.migrate(), storage.migrate()]);
    assert.deepEqual((await storage.load({ orgId: 'acme' })).organization, organization);
  },
};
