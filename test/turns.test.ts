/** Changes of one organization take turns in the process, before any of them reaches the storage. */
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { OrgUserManager, Storage } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { OrgUserSupport } from 'org-user-manager/support';
import { expect, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { createGate, type Gate } from './fixtures/gate.ts';
import { createManager } from './fixtures/manager.ts';
import { describeEach } from './fixtures/servers.ts';
import { storages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

/** The storage, and the transactions that it was asked for; they begin when their gates are opened. */
function gated(storage: Storage) {
  const begun: { readonly orgId: string; readonly gate: Gate }[] = [];
  let isOpen = true;
  const watched: Storage = {
    ...storage,
    async transaction(organization, work, caller) {
      const gate = createGate();
      begun.push({ orgId: organization, gate });
      if (!isOpen) await gate.pass();
      return storage.transaction(organization, work, caller);
    },
  };
  const shut = () => {
    isOpen = false;
    begun.length = 0;
  };
  return { storage: watched, begun, shut };
}

const deadlineMs = 500;

describeEach(storages)('on $name', ({ create }) => {
  async function open() {
    const { storage, begun, shut } = gated(create());
    const team = await createTeam(storage, { storageDeadlineMs: deadlineMs });
    await team.manager.createOrganization({
      orgId: 'other',
      name: 'Other',
      admin: { userId: admin.userId, email: 'admin@other.example.com' },
    });
    shut();
    /** How a change of the daily limit ends. */
    const change = (daily: number, organization = orgId, manager: OrgUserManager = team.manager) =>
      codeOf(manager.setLimit({ orgId: organization, actor: admin, userId: admin.userId, daily }));
    const daily = async () => {
      const found = await team.manager.member({ orgId, actor: admin, userId: admin.userId });
      return found.limit.daily;
    };
    const count = () => begun.length;
    const release = (index: number) => begun[index]?.gate.open();
    return { ...team, begun, change, daily, count, release };
  }

  test('in the order of the calls, while other organizations go on', async () => {
    const { begun, change, daily, count, release } = await open();
    const ended: number[] = [];
    const changes = [1, 2, 3].map((limit) => change(limit).then(() => ended.push(limit)));
    const other = change(9, 'other');
    await expect.poll(count).toBe(2);
    await setTimeout(5);
    expect(begun.map((transaction) => transaction.orgId)).toEqual([orgId, 'other']);
    release(1);
    expect(await other).toBe('done');
    expect(ended).toEqual([]);
    for (const index of [0, 2, 3]) {
      await expect.poll(count).toBeGreaterThan(index);
      release(index);
    }
    await Promise.all(changes);
    expect(ended).toEqual([1, 2, 3]);
    expect(await daily()).toBe(3);
  });

  test('one that fails stops none behind it', async () => {
    const { manager, change, count, release } = await open();
    const unknown = codeOf(manager.setLimit({ orgId, actor: admin, userId: 'u_nobody', daily: 1 }));
    const next = change(2);
    await expect.poll(count).toBe(1);
    release(0);
    expect(await unknown).toBe('member_not_found');
    await expect.poll(count).toBe(2);
    release(1);
    expect(await next).toBe('done');
  });

  test('whoever is answered before their turn changes nothing, and the turn of a hanging one goes on', async () => {
    const { clock, change, daily, count, release } = await open();
    const hanging = change(1);
    await expect.poll(count).toBe(1);
    const waiting = change(2);
    await setTimeout(5);
    clock.advance(deadlineMs - 1);
    const patient = change(3);
    await setTimeout(5);
    clock.advance(1);
    expect(await hanging).toBe('unavailable');
    expect(await waiting).toBe('unavailable');
    await setTimeout(5);
    // The first one has been answered, and has not ended.
    expect(count()).toBe(1);
    release(0);
    await expect.poll(count).toBe(2);
    release(1);
    expect(await patient).toBe('done');
    expect(count()).toBe(2);
    expect(await daily()).toBe(3);
  });

  test('one that never ends holds up the next ones for five seconds after its deadline', async () => {
    const { clock, change, daily, count, release } = await open();
    const first = change(1);
    await expect.poll(count).toBe(1);
    clock.advance(deadlineMs);
    expect(await first).toBe('unavailable');
    clock.advance(4999);
    const second = change(2);
    const third = change(3);
    await setTimeout(5);
    expect(count()).toBe(1);
    clock.advance(1);
    await expect.poll(count).toBe(2);
    // The first one comes back after all: nobody goes ahead for it.
    release(0);
    await setTimeout(5);
    expect(count()).toBe(2);
    release(1);
    expect(await second).toBe('done');
    await expect.poll(count).toBe(3);
    release(2);
    expect(await third).toBe('done');
    expect(await daily()).toBe(3);
  });

  test('another manager and the support wait in the same line', async () => {
    const { storage, clock, change, count, release } = await open();
    const { manager: twin } = await createManager(storage, { clock });
    const support = new OrgUserSupport({ storage, clock });
    const ended: string[] = [];
    const note = (name: string) => () => ended.push(name);
    const calls = [
      change(1).then(note('first')),
      change(2, orgId, twin).then(note('twin')),
      support
        .restore({ orgId, userId: admin.userId, operator: 'desk-2', reason: 'Ticket 4711' })
        .then(note('support')),
    ];
    for (const index of [0, 1, 2]) {
      await expect.poll(count).toBe(index + 1);
      await setTimeout(2);
      expect(count()).toBe(index + 1);
      release(index);
    }
    await Promise.all(calls);
    expect(ended.toSorted()).toEqual(['first', 'support', 'twin']);
  });

  test('a listener may make the next change, and wait for it', async () => {
    const { manager, change, daily, count, release } = await open();
    const heard: string[] = [];
    let again = true;
    manager.on('member.limit_set', async () => {
      if (!again) return;
      again = false;
      heard.push(await change(2));
    });
    const first = change(1);
    for (const index of [0, 1]) {
      await expect.poll(count).toBe(index + 1);
      release(index);
    }
    expect(await first).toBe('done');
    await expect.poll(() => heard).toEqual(['done']);
    expect(await daily()).toBe(2);
  });
});

test('organizations that have had their turn take no memory', async () => {
  // It keeps nothing itself.
  const storage = {
    ...memoryStorage(),
    transaction: async () => Promise.reject(new Error('there is no database')),
  };
  const { manager } = await createManager(storage);
  // A long id, so that what is kept of it stands out from noise.
  const calls = async (first: number) => {
    for (let index = first; index < first + 2000; index += 1) {
      const organization = `${index}`.padStart(200, 'x');
      const call = { orgId: organization, actor: admin, userId: admin.userId, daily: 1 };
      expect(await codeOf(manager.setLimit(call))).toBe('unavailable');
    }
  };
  await calls(0);
  const before = heapInUse();
  await calls(2000);
  await calls(4000);
  expect(heapInUse() - before).toBeLessThan(500_000);
});

/** Bytes, after what nothing refers to has been collected. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
