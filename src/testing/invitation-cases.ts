import assert from 'node:assert/strict';
import type { Invitation } from '../model/invitation.ts';
import type { Storage } from '../ports/storage.ts';
import { countPending } from './count-pending.ts';
import { mailFields } from './mail-fields.ts';
import { found, invite } from './prepare.ts';
import { now, sampleInvitation, sampleMail } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';
import { uuid } from './uuid.ts';

const revoked = { status: 'revoked', endedAt: now, endedBy: 'admin' } as const;

const insert = (storage: Storage, ...invitations: readonly Invitation[]) =>
  storage.transaction('acme', async (tx) => {
    const ids = await tx.insertInvitations(invitations);
    const added = invitations.filter(({ id }) => ids.includes(id));
    await tx.insertMails(added.map((invitation) => sampleMail(invitation)));
    return ids;
  });

const update = (storage: Storage, from: Invitation, change: Partial<Invitation>) =>
  storage.transaction(from.orgId, (tx) => tx.updateInvitation(from, { ...from, ...change }));

async function rowOf(storage: Storage, { orgId, id }: Invitation) {
  const { invitations } = await storage.load({ orgId, invitationIds: [id] });
  return invitations.map(({ invitation, mail }) => ({ invitation, mail: mailFields(mail) }));
}

/** Inserting, updating and revoking invitations. */
export const invitationCases: StorageCases = {
  'invitations: every field is read back as it was written, by its id alone too': async (
    storage,
  ) => {
    await found(storage);
    const full = sampleInvitation(1, {
      address: "o'neil+tag%_x@exämple.example",
      role: 'admin',
      limit: { daily: 0, monthly: Number.MAX_SAFE_INTEGER },
      name: 'Ünï "Guest" 🎈',
      phone: '+442079460018',
      generation: 3,
      invitedBy: null,
      sendCount: 2,
      lastSendAt: now + 5,
    });
    await invite(storage, full);
    assert.deepEqual(await storage.findInvitation(sampleInvitation(1).id), full);
    const expected = [{ invitation: full, mail: sampleMail(full) }];
    assert.deepEqual(await rowOf(storage, full), expected);
  },
  'invitations: an unknown id finds nothing, and ids are compared exactly': async (storage) => {
    await found(storage);
    const id = '0000000a-0000-7000-8000-00000000000b';
    await invite(storage, sampleInvitation(1, { id }));
    for (const other of [uuid(1, 1), id.toUpperCase(), `${id} `, '', "' or 1=1 --"]) {
      assert.equal(await storage.findInvitation(other), undefined);
    }
  },
  'invitations: an address has one pending invitation, and only what was added is told': async (
    storage,
  ) => {
    await found(storage);
    const first = sampleInvitation(1);
    await invite(storage, first);
    const twin = sampleInvitation(2, { address: first.address });
    const other = sampleInvitation(3);
    assert.deepEqual(await insert(storage, twin, other), [other.id]);
    assert.equal(await storage.findInvitation(twin.id), undefined);
    assert.deepEqual(await storage.findInvitation(first.id), first);
  },
  'invitations: an address that comes twice in one call is added once': async (storage) => {
    await found(storage);
    const twins = [1, 2].map((number) => sampleInvitation(number, { address: 'a@example.com' }));
    const ids = await insert(storage, ...twins);
    assert.equal(ids.length, 1);
    const { invitations } = await storage.load({
      orgId: 'acme',
      pendingAddresses: ['a@example.com'],
    });
    assert.deepEqual(
      invitations.map(({ invitation }) => invitation.id),
      ids,
    );
  },
  'invitations: an address invited five times at once is pending once': async (storage) => {
    await found(storage);
    const results = await Promise.all(
      [1, 2, 3, 4, 5].map((number) =>
        insert(storage, sampleInvitation(number, { address: 'a@example.com' })),
      ),
    );
    assert.equal(results.flat().length, 1);
    assert.equal(await countPending(storage, now), 1);
  },
  'invitations: an expired one still holds its address, an ended one does not': async (storage) => {
    await found(storage);
    const address = 'a@example.com';
    const old = sampleInvitation(1, { address, expiresAt: now - 1000 });
    await invite(storage, old);
    assert.deepEqual(await insert(storage, sampleInvitation(2, { address })), []);
    assert.equal(await update(storage, old, revoked), true);
    assert.equal((await insert(storage, sampleInvitation(3, { address }))).length, 1);
  },
  'invitations: the same address may be invited by two organizations': async (storage) => {
    await found(storage);
    await found(storage, { orgId: 'globex' });
    await invite(storage, sampleInvitation(1, { address: 'a@example.com' }));
    await invite(storage, sampleInvitation(2, { orgId: 'globex', address: 'a@example.com' }));
  },
  'invitations: a call may bring more than a thousand, some of them taken': async (storage) => {
    await found(storage);
    await invite(storage, sampleInvitation(700));
    const many = Array.from({ length: 1201 }, (_, index) => sampleInvitation(index));
    const fresh = many.map((row) =>
      row.address === 'guest-700@example.com' ? { ...row, id: uuid(3, 700) } : row,
    );
    const ids = await insert(storage, ...fresh);
    assert.equal(new Set(ids).size, 1200);
    assert.equal(ids.includes(uuid(3, 700)), false);
    assert.equal(await countPending(storage, now), 1201);
  },
  'invitations: an update replaces the row and shows the newest mail': async (storage) => {
    await found(storage);
    const first = sampleInvitation(1);
    await invite(storage, first, sampleInvitation(2));
    const renewed = {
      ...first,
      role: 'admin',
      generation: 2,
      expiresAt: now + 9000,
      sendCount: 2,
      lastSendAt: now + 1,
    } as const;
    const updated = await storage.transaction('acme', async (tx) => {
      const result = await tx.updateInvitation(first, renewed);
      await tx.insertMails([sampleMail(renewed)]);
      return result;
    });
    assert.equal(updated, true);
    const expected = [{ invitation: renewed, mail: sampleMail(renewed) }];
    assert.deepEqual(await rowOf(storage, first), expected);
    assert.deepEqual(await storage.findInvitation(sampleInvitation(2).id), sampleInvitation(2));
  },
  'invitations: an update that expects another mail changes nothing': async (storage) => {
    await found(storage);
    const invitation = sampleInvitation(1);
    await invite(storage, invitation);
    const result = await storage.transaction('acme', (tx) =>
      tx.updateInvitation({ sendCount: 2 }, { ...invitation, ...revoked }),
    );
    assert.equal(result, false);
    assert.deepEqual(await storage.findInvitation(sampleInvitation(1).id), invitation);
  },
  'invitations: what has ended stays as it ended': async (storage) => {
    await found(storage);
    const ends = ['accepted', 'declined', 'revoked'] as const;
    for (const [number, status] of ends.entries()) {
      const invitation = sampleInvitation(number);
      await invite(storage, invitation);
      const ended = { status, endedAt: now, endedBy: 'sam' } as const;
      assert.equal(await update(storage, invitation, ended), true);
      assert.equal(await update(storage, invitation, revoked), false);
      assert.equal(await update(storage, invitation, { expiresAt: now + 9000 }), false);
      const stored = await storage.findInvitation(invitation.id);
      assert.deepEqual(stored, { ...invitation, ...ended });
    }
  },
  'invitations: of an acceptance, a revocation and a decline at once, one wins': async (
    storage,
  ) => {
    await found(storage);
    const invitation = sampleInvitation(1);
    await invite(storage, invitation);
    const results = await Promise.all(
      (['accepted', 'revoked', 'declined'] as const).map((status) =>
        update(storage, invitation, { status, endedAt: now, endedBy: 'sam' }),
      ),
    );
    assert.equal(results.filter(Boolean).length, 1);
  },
};
