import assert from 'node:assert/strict';
import type { Member } from '../model/member.ts';
import type { Storage } from '../ports/storage.ts';
import { counters, findMember, found, join } from './prepare.ts';
import { now, sampleMember, sampleOrganization } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';

const admin = sampleMember('admin', { role: 'admin' });
const disabled = { status: 'disabled', disabledAt: now } as const;

const update = (storage: Storage, from: Member, change: Partial<Member>) =>
  storage.transaction(from.orgId, (tx) => tx.updateMember(from, { ...from, ...change }));

/** Organizations, their counters, the last admin and the member limit. */
export const seatCases: StorageCases = {
  'organizations: what was inserted is read back as it was, with its first admin': async (
    storage,
  ) => {
    const organization = sampleOrganization({
      name: 'Ünïted "Acme" & Sons 🎈',
      timeZone: 'Pacific/Auckland',
      allocation: { daily: 0, monthly: Number.MAX_SAFE_INTEGER },
      // More than 32 bits.
      memberLimit: 2 ** 40,
    });
    await found(storage, organization);
    const standing = await storage.load({ orgId: 'acme', userIds: ['admin'] });
    assert.deepEqual(standing.organization, organization);
    assert.deepEqual(standing.members, [admin]);
  },
  'organizations: what was set is read back, set again, and nothing else is touched': async (
    storage,
  ) => {
    const first = await found(storage, { memberLimit: 7 });
    const policy = {
      allowedDomains: ['example.com', '*.example.com', 'xn--exmple-cua.example'],
      blockedDomains: Array.from({ length: 100 }, (_, index) => `${index}.example.org`),
      role: 'admin',
      limit: { daily: 0, monthly: Number.MAX_SAFE_INTEGER },
    } as const;
    const changed = {
      timeZone: 'America/Argentina/ComodRivadavia',
      zoneChange: {
        from: 'Pacific/Kiritimati',
        at: now,
        date: '2027-01-15',
        dayEndsAt: now + 1,
        monthEndsAt: now + 2,
      },
      allocation: { daily: 0, monthly: Number.MAX_SAFE_INTEGER },
      invitePolicy: policy,
    } as const;
    const { timeZone, zoneChange, allocation, invitePolicy } = first;
    for (const change of [changed, { timeZone, zoneChange, allocation, invitePolicy }]) {
      const written = { ...first, ...change, name: 'x', memberLimit: 9, activeAdmins: 5 };
      await storage.transaction('acme', (tx) => tx.updateOrganization(written));
      const { organization } = await storage.load({ orgId: 'acme', userIds: ['admin'] });
      assert.deepEqual(organization, { ...first, ...change });
    }
    const unknown = sampleOrganization({ orgId: 'nowhere' });
    await storage.transaction('nowhere', (tx) => tx.updateOrganization(unknown));
    assert.equal((await storage.load({ orgId: 'nowhere' })).organization, undefined);
  },
  'organizations: a second one with the same id changes nothing and is told': async (storage) => {
    const first = await found(storage);
    const second = sampleOrganization({ name: 'Another' });
    const inserted = await storage.transaction('acme', (tx) =>
      tx.insertOrganization(second, sampleMember('intruder', { role: 'admin' })),
    );
    assert.equal(inserted, false);
    const { organization } = await storage.load({ orgId: 'acme' });
    assert.deepEqual(organization, first);
    assert.equal(await findMember(storage, 'intruder'), undefined);
  },
  'organizations: of two created at once under one id exactly one is': async (storage) => {
    const results = await Promise.all(
      ['one', 'two'].map((userId) =>
        storage.transaction('acme', (tx) =>
          tx.insertOrganization(sampleOrganization(), sampleMember(userId, { role: 'admin' })),
        ),
      ),
    );
    assert.deepEqual(results.toSorted(), [false, true]);
    const { members } = await storage.load({ orgId: 'acme', userIds: ['one', 'two'] });
    assert.equal(members.length, 1);
  },
  'seats: every change of a member moves the counters by what it means': async (storage) => {
    await found(storage);
    const steps: readonly (readonly [Partial<Member>, number, number])[] = [
      [{ role: 'admin' }, 2, 2],
      [{ role: 'member' }, 1, 2],
      [disabled, 1, 1],
      [{ status: 'active', disabledAt: null }, 1, 2],
      [{ role: 'admin' }, 2, 2],
      [disabled, 1, 1],
      [{ role: 'member' }, 1, 1],
    ];
    let member = sampleMember('sam');
    await join(storage, member);
    assert.deepEqual(await counters(storage), { admins: 1, members: 2 });
    for (const [change, admins, members] of steps) {
      assert.equal(await update(storage, member, change), 'updated');
      member = { ...member, ...change };
      assert.deepEqual(await counters(storage), { admins, members });
    }
  },
  'seats: a new admin counts as member and as admin': async (storage) => {
    await found(storage);
    await join(storage, sampleMember('sam', { role: 'admin' }));
    assert.deepEqual(await counters(storage), { admins: 2, members: 2 });
  },
  'last admin: neither demoted nor disabled, whoever else is a member': async (storage) => {
    await found(storage);
    await join(storage, sampleMember('sam'));
    assert.equal(await update(storage, admin, { role: 'member' }), 'last_admin');
    assert.equal(await update(storage, admin, disabled), 'last_admin');
    assert.deepEqual(await findMember(storage, 'admin'), admin);
    assert.deepEqual(await counters(storage), { admins: 1, members: 2 });
  },
  'last admin: a disabled admin does not count': async (storage) => {
    await found(storage);
    const other = sampleMember('sam', { role: 'admin' });
    await join(storage, other);
    assert.equal(await update(storage, other, disabled), 'updated');
    assert.equal(await update(storage, admin, { role: 'member' }), 'last_admin');
    assert.equal(await update(storage, admin, disabled), 'last_admin');
  },
  'last admin: of two admins who leave at once, one stays': async (storage) => {
    await found(storage);
    const other = sampleMember('sam', { role: 'admin' });
    await join(storage, other);
    const results = await Promise.all([
      update(storage, admin, { role: 'member' }),
      update(storage, other, disabled),
    ]);
    assert.deepEqual(results.toSorted(), ['last_admin', 'updated']);
    const { admins } = await counters(storage);
    assert.equal(admins, 1);
  },
  'member limit: the limit itself fits, one more does not': async (storage) => {
    await found(storage, { memberLimit: 2 });
    await join(storage, sampleMember('sam'));
    const insert = storage.transaction('acme', (tx) => tx.insertMember(sampleMember('kim')));
    assert.equal(await insert, 'member_limit_reached');
    assert.equal(await findMember(storage, 'kim'), undefined);
    assert.deepEqual(await counters(storage), { admins: 1, members: 2 });
  },
  'member limit: a disabled member frees the seat, and gets it back only if it is free': async (
    storage,
  ) => {
    await found(storage, { memberLimit: 2 });
    const sam = sampleMember('sam');
    await join(storage, sam);
    assert.equal(await update(storage, sam, disabled), 'updated');
    await join(storage, sampleMember('kim'));
    const tombstone = { ...sam, ...disabled };
    const back = { status: 'active', disabledAt: null } as const;
    assert.equal(await update(storage, tombstone, back), 'member_limit_reached');
    assert.deepEqual(await findMember(storage, 'sam'), tombstone);
    assert.equal(await update(storage, sampleMember('kim'), disabled), 'updated');
    assert.equal(await update(storage, tombstone, back), 'updated');
    assert.deepEqual(await counters(storage), { admins: 1, members: 2 });
  },
  'member limit: a full organization may still promote and demote': async (storage) => {
    await found(storage, { memberLimit: 2 });
    const sam = sampleMember('sam');
    await join(storage, sam);
    assert.equal(await update(storage, sam, { role: 'admin' }), 'updated');
    assert.equal(await update(storage, admin, { role: 'member' }), 'updated');
  },
  'member limit: of ten who come at once for three seats, three get in': async (storage) => {
    await found(storage, { memberLimit: 4 });
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        storage.transaction('acme', (tx) => tx.insertMember(sampleMember(`user-${index}`))),
      ),
    );
    assert.equal(results.filter((result) => result === 'inserted').length, 3);
    assert.equal(results.filter((result) => result === 'member_limit_reached').length, 7);
    assert.deepEqual(await counters(storage), { admins: 1, members: 4 });
  },
};
