import assert from 'node:assert/strict';
import type { Invitation } from '../model/invitation.ts';
import type { Storage } from '../ports/storage.ts';
import { countPending } from './count-pending.ts';
import { found, invite } from './prepare.ts';
import { now, sampleInvitation, sampleMail } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';
import { uuid } from './uuid.ts';

async function boundOf(storage: Storage, orgId = 'acme') {
  const { organization } = await storage.load({ orgId });
  return organization?.pendingUpperBound;
}

async function storedOf(storage: Storage, ...invitations: readonly Invitation[]) {
  const found = await Promise.all(invitations.map(({ id }) => storage.findInvitation(id)));
  return found.flatMap((invitation) => invitation ?? []);
}

/** The bound on what is pending, and taking back what was inserted. */
export const pendingCases: StorageCases = {
  'pending: counted is what is pending and not expired at the instant': async (storage) => {
    await found(storage);
    await found(storage, { orgId: 'globex' });
    const rows = [999, 1000, 1001].map((after, number) =>
      sampleInvitation(number, { expiresAt: now + after }),
    );
    const declined = sampleInvitation(9, { expiresAt: now + 5000 });
    await invite(storage, ...rows, declined);
    await invite(storage, sampleInvitation(10, { orgId: 'globex' }));
    const ended = { ...declined, status: 'declined', endedAt: now, endedBy: null } as const;
    await storage.transaction('acme', (tx) => tx.updateInvitation(declined, ended));
    assert.equal(await countPending(storage, now), 3);
    assert.equal(await countPending(storage, now + 999), 2);
    assert.equal(await countPending(storage, now + 1000), 1);
    assert.equal(await countPending(storage, now + 1001), 0);
    assert.equal(await countPending(storage, now, 'globex'), 1);
  },
  'pending: the bound rises by what is inserted or renewed, and counting sets it right': async (
    storage,
  ) => {
    await found(storage);
    await found(storage, { orgId: 'globex' });
    const [first, second] = [sampleInvitation(1), sampleInvitation(2)];
    await invite(storage, first, second);
    assert.equal(await boundOf(storage), 2);
    // Given, though not added.
    const twin = sampleInvitation(3, { address: first.address });
    await storage.transaction('acme', (tx) => tx.insertInvitations([twin]));
    assert.equal(await boundOf(storage), 3);
    const revoked = { ...second, status: 'revoked', endedAt: now, endedBy: 'admin' } as const;
    await storage.transaction('acme', (tx) => tx.updateInvitation(second, revoked));
    assert.equal(await boundOf(storage), 3);
    assert.equal(await countPending(storage, now + 1000), 0);
    assert.equal(await boundOf(storage), 0);
    const renewed = { ...first, expiresAt: now + 9000, sendCount: 2 };
    await storage.transaction('acme', async (tx) => {
      assert.equal(await tx.updateInvitation(first, renewed), true);
      await tx.insertMails([sampleMail(renewed)]);
      // Stale by now.
      assert.equal(await tx.updateInvitation(first, renewed), false);
    });
    assert.equal(await boundOf(storage), 1);
    assert.equal(await countPending(storage, now + 1000), 1);
    assert.equal(await boundOf(storage, 'globex'), 0);
  },
  'pending: the bound is never below what ten bring who come at once': async (storage) => {
    await found(storage);
    await Promise.all(
      Array.from({ length: 10 }, (_, number) => invite(storage, sampleInvitation(number))),
    );
    assert.equal(await boundOf(storage), 10);
  },
  'pending: an organization that is not there takes no invitation, and has none': async (
    storage,
  ) => {
    const homeless = sampleInvitation(1, { orgId: 'globex' });
    const [ids, count] = await storage.transaction('globex', async (tx) => [
      await tx.insertInvitations([homeless]),
      await tx.countPending('globex', now),
    ]);
    assert.deepEqual(ids, []);
    assert.equal(count, 0);
    assert.equal(await storage.findInvitation(homeless.id), undefined);
  },
  'pending: what has no mail yet can be taken back, and its address is free again': async (
    storage,
  ) => {
    await found(storage);
    const [kept, dropped] = [sampleInvitation(1), sampleInvitation(2)];
    const again = sampleInvitation(3, { address: dropped.address });
    await storage.transaction('acme', async (tx) => {
      await tx.insertInvitations([kept, dropped]);
      await tx.deleteUnmailedInvitations('acme', [dropped.id]);
      assert.deepEqual(await tx.insertInvitations([again]), [again.id]);
      await tx.insertMails([sampleMail(kept), sampleMail(again)]);
    });
    assert.deepEqual(await storedOf(storage, kept, dropped, again), [kept, again]);
  },
  'pending: what has a mail, or belongs to another organization, stays': async (storage) => {
    await found(storage);
    await found(storage, { orgId: 'globex' });
    const mailed = sampleInvitation(1);
    const foreign = sampleInvitation(2, { orgId: 'globex' });
    await invite(storage, mailed);
    await storage.transaction('globex', async (tx) => {
      await tx.insertInvitations([foreign]);
      await tx.deleteUnmailedInvitations('acme', [mailed.id, foreign.id, uuid(9, 9)]);
      await tx.insertMails([sampleMail(foreign)]);
    });
    assert.deepEqual(await storedOf(storage, mailed, foreign), [mailed, foreign]);
  },
};
