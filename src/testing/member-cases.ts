import assert from 'node:assert/strict';
import type { Member } from '../model/member.ts';
import type { Storage } from '../ports/storage.ts';
import { counters, findMember, found, join } from './prepare.ts';
import { now, sampleMember } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';

const insert = (storage: Storage, member: ReturnType<typeof sampleMember>) =>
  storage.transaction(member.orgId, (tx) => tx.insertMember(member));

/** Inserting and updating members. */
export const memberCases: StorageCases = {
  'members: every field is read back as it was written': async (storage) => {
    await found(storage);
    const member = sampleMember('sam', {
      name: 'Sam "🎈" O’Sample',
      role: 'admin',
      limit: { daily: 0, monthly: Number.MAX_SAFE_INTEGER },
      joinedAt: now - 1,
      invitedBy: 'admin',
    });
    await join(storage, member);
    assert.deepEqual(await findMember(storage, 'sam'), member);
  },
  'members: who is there already stays as they are, and does not count twice': async (storage) => {
    await found(storage);
    const sam = sampleMember('sam', { name: 'Sam' });
    await join(storage, sam);
    const again = sampleMember('sam', { role: 'admin', address: 'other@example.com' });
    assert.equal(await insert(storage, again), 'exists');
    assert.deepEqual(await findMember(storage, 'sam'), sam);
    assert.deepEqual(await counters(storage), { admins: 1, members: 2 });
  },
  'members: a tombstone exists too': async (storage) => {
    await found(storage);
    const sam = sampleMember('sam');
    await join(storage, sam);
    const gone = { ...sam, status: 'disabled', disabledAt: now } as const;
    await storage.transaction('acme', (tx) => tx.updateMember(sam, gone));
    assert.equal(await insert(storage, sam), 'exists');
    assert.deepEqual(await findMember(storage, 'sam'), gone);
    assert.deepEqual(await counters(storage), { admins: 1, members: 1 });
  },
  'members: of the same user added five times at once, one is inserted': async (storage) => {
    await found(storage);
    const results = await Promise.all(
      Array.from({ length: 5 }, () => insert(storage, sampleMember('sam'))),
    );
    const exists = Array.from({ length: 4 }, () => 'exists');
    assert.deepEqual(results.toSorted(), [...exists, 'inserted']);
    assert.deepEqual(await counters(storage), { admins: 1, members: 2 });
  },
  'members: one user may be in several organizations': async (storage) => {
    await found(storage);
    await found(storage, { orgId: 'globex' });
    const here = sampleMember('sam', { name: 'Here' });
    const there = sampleMember('sam', { orgId: 'globex', name: 'There' });
    await join(storage, here, there);
    assert.deepEqual(await findMember(storage, 'sam'), here);
    assert.deepEqual(await findMember(storage, 'sam', 'globex'), there);
  },
  'members: an update writes role, status, limit and disabledAt, here and nowhere else': async (
    storage,
  ) => {
    await found(storage);
    await found(storage, { orgId: 'globex' });
    const sam = sampleMember('sam', { name: 'Sam', invitedBy: 'admin' });
    const kim = sampleMember('kim');
    const elsewhere = sampleMember('sam', { orgId: 'globex' });
    await join(storage, sam, kim, elsewhere);
    const to = {
      ...sam,
      role: 'admin',
      status: 'disabled',
      limit: { daily: 5, monthly: 0 },
      disabledAt: now,
    } as const;
    assert.equal(await storage.transaction('acme', (tx) => tx.updateMember(sam, to)), 'updated');
    assert.deepEqual(await findMember(storage, 'sam'), to);
    assert.deepEqual(await findMember(storage, 'kim'), kim);
    assert.deepEqual(await findMember(storage, 'sam', 'globex'), elsewhere);
  },
  'members: an update that expects another role is stale and writes nothing': async (storage) => {
    await found(storage);
    await join(storage, sampleMember('kim', { role: 'admin' }));
    const sam = sampleMember('sam');
    await join(storage, sam);
    const from = { ...sam, role: 'admin' } as const;
    const result = await storage.transaction('acme', (tx) =>
      tx.updateMember(from, { ...sam, limit: { daily: 1, monthly: 1 } }),
    );
    assert.equal(result, 'stale');
    assert.deepEqual(await findMember(storage, 'sam'), sam);
    assert.deepEqual(await counters(storage), { admins: 2, members: 3 });
  },
  'members: an update that expects another status is stale and writes nothing': async (storage) => {
    await found(storage);
    const sam = sampleMember('sam');
    await join(storage, sam);
    const from = { ...sam, status: 'disabled', disabledAt: now } as const;
    const result = await storage.transaction('acme', (tx) =>
      tx.updateMember(from, { ...sam, role: 'admin' }),
    );
    assert.equal(result, 'stale');
    assert.deepEqual(await findMember(storage, 'sam'), sam);
    assert.deepEqual(await counters(storage), { admins: 1, members: 2 });
  },
  'members: an update of somebody who is not there is stale': async (storage) => {
    await found(storage);
    await join(storage, sampleMember('sam'));
    const nobody = sampleMember('nobody');
    const result = await storage.transaction('acme', (tx) =>
      tx.updateMember(nobody, { ...nobody, role: 'admin' }),
    );
    assert.equal(result, 'stale');
    assert.deepEqual(await counters(storage), { admins: 1, members: 2 });
  },
  'members: disabling somebody twice is stale the second time': async (storage) => {
    await found(storage);
    const sam = sampleMember('sam');
    await join(storage, sam);
    const gone = { ...sam, status: 'disabled', disabledAt: now } as const;
    const disable = () => storage.transaction('acme', (tx) => tx.updateMember(sam, gone));
    assert.equal(await disable(), 'updated');
    assert.equal(await disable(), 'stale');
  },
  'members: stale comes before any refusal, and exists before the limit': async (storage) => {
    await found(storage, { memberLimit: 2 });
    const sam = sampleMember('sam');
    await join(storage, sam);
    const update = (from: Member) =>
      storage.transaction('acme', (tx) => tx.updateMember(from, sam));
    assert.equal(await update({ ...sam, role: 'admin' }), 'stale');
    assert.equal(await update({ ...sam, status: 'disabled', disabledAt: now }), 'stale');
    assert.equal(await storage.transaction('acme', (tx) => tx.insertMember(sam)), 'exists');
  },
};
