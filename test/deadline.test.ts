/** A database that hangs: every call ends at the deadline, and what nobody waits for is undone. */
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { OrgUserManager } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { OrgUserSupport } from 'org-user-manager/support';
import { faultyStorage } from 'org-user-manager/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createGate } from './fixtures/gate.ts';
import { createManager, secret } from './fixtures/manager.ts';
import { openStorage, openTables } from './fixtures/place.ts';
import { sharedEngines } from './fixtures/places.ts';
import { describeEach } from './fixtures/servers.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

describeEach(sharedEngines())('$name', ({ name, create }) => {
  /** A team in a database whose organization somebody else keeps locked until `release`. */
  async function createHung(storageDeadlineMs: number) {
    const { place, drop } = await create();
    onTestFinished(drop);
    const { manager, storage } = await createTeam(openStorage(place), {
      clock: undefined,
      storageDeadlineMs,
    });
    const db = openTables(place);
    onTestFinished(() => db.destroy());
    const gate = createGate();
    const released = db.connection().execute(async (connection) => {
      await sql.raw(name === 'SQLite' ? 'begin immediate' : 'begin').execute(connection);
      await connection.updateTable('oum_organization').set({ active_admins: 1 }).execute();
      await gate.pass();
      await sql`rollback`.execute(connection);
    });
    await gate.reached;
    const release = () => {
      gate.open();
      return released;
    };
    return { manager, storage, release };
  }

  const setLimit = (manager: OrgUserManager) =>
    manager.setLimit({ orgId, actor: admin, userId: admin.userId, daily: 7 });

  test('a change ends with unavailable, and is not made when the database wakes up', async () => {
    const deadlineMs = 300;
    const { manager, release } = await createHung(deadlineMs);
    const start = performance.now();
    await expect(setLimit(manager)).rejects.toMatchObject({
      code: 'unavailable',
      status: 503,
      isRetryable: true,
    });
    const elapsed = performance.now() - start;
    expect(elapsed).toBeGreaterThanOrEqual(deadlineMs - 1);
    expect(elapsed).toBeLessThan(deadlineMs + 500);
    // Reading needs no lock.
    expect(await manager.member({ orgId, actor: admin, userId: admin.userId })).toBeTruthy();
    await release();
    // The abandoned transaction goes first: it has waited longest.
    await manager.createOrganization({
      orgId: 'other',
      name: 'Other',
      admin: { userId: 'u_9', email: 'u_9@acme.example.com' },
    });
    await setTimeout(50);
    const { limit } = await manager.member({ orgId, actor: admin, userId: admin.userId });
    expect(limit).toEqual({ daily: null, monthly: null });
    await setLimit(manager);
  });

  test('a short hang is waited for', async () => {
    const { manager, release } = await createHung(10_000);
    const change = setLimit(manager);
    await setTimeout(20);
    await release();
    expect(await change).toMatchObject({ daily: 7 });
  });

  test('support has a deadline, too', async () => {
    const { storage, release } = await createHung(1500);
    const support = new OrgUserSupport({ storage });
    const call = { orgId, userId: 'u_1', operator: 'desk-2', reason: 'Ticket 4711' };
    await expect(support.restore(call)).rejects.toMatchObject({ code: 'unavailable' });
    await release();
  });
});

test('calls of one instant end together, and later ones at their own time', async () => {
  const storage = memoryStorage();
  await createTeam(storage);
  const hanging = faultyStorage(storage, {
    seed: 1,
    rate: 1,
    faults: ['drop'],
    operations: ['load'],
  });
  const { manager, clock } = await createManager(hanging, { storageDeadlineMs: 500 });
  const ended: string[] = [];
  const ask = (name: string) =>
    manager.consume({ orgId, userId: admin.userId }).catch(() => ended.push(name));
  const first = [ask('a'), ask('b')];
  clock.advance(1);
  const second = ask('c');
  await setTimeout(5);
  clock.advance(1);
  const third = ask('d');
  clock.advance(497);
  await setTimeout(5);
  expect(ended).toEqual([]);
  clock.advance(1);
  await Promise.all(first);
  expect(ended).toEqual(['a', 'b']);
  clock.advance(1);
  await second;
  expect(ended).toEqual(['a', 'b', 'c']);
  clock.advance(1);
  await third;
});

test.each([0, -1, 0.5, 600_001, '100', null])('%j is no deadline', (storageDeadlineMs) => {
  const options = { mailer: { send: async () => undefined }, secret, baseUrl: 'https://a.example' };
  expect(() => new OrgUserManager({ ...options, ...Object({ storageDeadlineMs }) })).toThrow(
    /storageDeadlineMs must be an integer/,
  );
});
