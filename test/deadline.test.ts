/** A database that hangs: every call ends at the deadline, and what nobody waits for is undone. */
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { CompiledQuery, Kysely, SqliteDialect, sql } from 'kysely';
import { OrgUserManager, type Storage } from 'org-user-manager';
import { kyselyStorage } from 'org-user-manager/kysely';
import { memoryStorage } from 'org-user-manager/memory';
import { OrgUserSupport } from 'org-user-manager/support';
import { faultyStorage } from 'org-user-manager/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createGate } from './fixtures/gate.ts';
import { createManager, secret } from './fixtures/manager.ts';
import {
  openStorage,
  openTables,
  type Place,
  type PoolOptions,
  serverDialect,
} from './fixtures/place.ts';
import { type SharedEngine, sharedEngines } from './fixtures/places.ts';
import { describeEach } from './fixtures/servers.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

/** A team in a database whose organization somebody else keeps locked until `release`. */
async function createHung(
  { create }: SharedEngine,
  storageDeadlineMs: number,
  open: (place: Place) => Storage = openStorage,
) {
  const { place, drop } = await create();
  onTestFinished(drop);
  const { manager, storage } = await createTeam(open(place), {
    clock: undefined,
    storageDeadlineMs,
  });
  const db = openTables(place);
  onTestFinished(() => db.destroy());
  const gate = createGate();
  const begin = place.engine === 'SQLite' ? 'begin immediate' : 'begin';
  const released = db.connection().execute(async (connection) => {
    await sql.raw(begin).execute(connection);
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

const readMember = (manager: OrgUserManager) =>
  manager.member({ orgId, actor: admin, userId: admin.userId });

describeEach(sharedEngines())('$name', (engine) => {
  test('a change ends with unavailable, and is not made when the database wakes up', async () => {
    const deadlineMs = 300;
    const { manager, release } = await createHung(engine, deadlineMs);
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
    expect(await readMember(manager)).toBeTruthy();
    await release();
    // The abandoned transaction goes first: it has waited longest.
    await manager.createOrganization({
      orgId: 'other',
      name: 'Other',
      admin: { userId: 'u_9', email: 'u_9@acme.example.com' },
    });
    await setTimeout(50);
    const { limit } = await readMember(manager);
    expect(limit).toEqual({ daily: null, monthly: null });
    await setLimit(manager);
  });

  test('a short hang is waited for', async () => {
    const { manager, release } = await createHung(engine, 10_000);
    const change = setLimit(manager);
    await setTimeout(20);
    await release();
    expect(await change).toMatchObject({ daily: 7 });
  });

  test('support has a deadline, too', async () => {
    const { storage, release } = await createHung(engine, 1500);
    const support = new OrgUserSupport({ storage });
    const call = { orgId, userId: 'u_1', operator: 'desk-2', reason: 'Ticket 4711' };
    await expect(support.restore(call)).rejects.toMatchObject({ code: 'unavailable' });
    await release();
  });
});

/** The storage on one connection, which is told a statement when it is opened. */
function onOneConnection(setting: string) {
  const opened: { db?: Kysely<object> } = {};
  const options: PoolOptions = {
    connections: 1,
    async onCreateConnection(connection) {
      await connection.executeQuery(CompiledQuery.raw(setting));
    },
  };
  function open(place: Place): Storage {
    if (place.engine === 'SQLite') throw new Error('a file has no pool');
    const db = new Kysely<object>({ dialect: serverDialect(place, options) });
    opened.db = db;
    return { ...kyselyStorage(db, { schema: place.schema }), close: () => db.destroy() };
  }
  async function read(query: string) {
    const answer = await opened.db?.executeQuery<{ value: unknown }>(CompiledQuery.raw(query));
    return String(answer?.rows[0]?.value);
  }
  return { open, read };
}

const timeouts = {
  PostgreSQL: {
    unset: 'set lock_timeout = 0',
    short: "set lock_timeout = '250ms'",
    read: "select current_setting('lock_timeout') as value",
    values: ['0', '250ms'],
    said: { code: '55P03' },
  },
  MariaDB: {
    unset: 'set max_statement_time = 0',
    short: 'set max_statement_time = 0.25',
    read: 'select @@max_statement_time as value',
    values: ['0', '0.25'],
    said: { errno: 1969 },
  },
};

const servers = sharedEngines().flatMap((engine) => {
  const { name } = engine;
  return name === 'PostgreSQL' || name === 'MariaDB' ? [{ ...engine, ...timeouts[name] }] : [];
});

describeEach(servers)('$name', (engine) => {
  test('is told to give up in time, and keeps no setting', async () => {
    const { open, read } = onOneConnection(engine.unset);
    const { manager, release } = await createHung(engine, 500, open);
    await expect(setLimit(manager)).rejects.toMatchObject({ code: 'unavailable' });
    // The only connection is free again.
    expect(await readMember(manager)).toBeTruthy();
    expect(await read(engine.read)).toBe(engine.values[0]);
    await release();
  });

  test('a shorter time of the application stays, and is what ends the call', async () => {
    const { open, read } = onOneConnection(engine.short);
    const { manager, release } = await createHung(engine, 20_000, open);
    const { said: cause } = engine;
    await expect(setLimit(manager)).rejects.toMatchObject({ code: 'unavailable', cause });
    expect(await read(engine.read)).toBe(engine.values[1]);
    await release();
  });
});

describeEach(servers.filter(({ name }) => name === 'MariaDB'))('$name', (engine) => {
  test('its own time-out of locks is waited out again and again, until the deadline', async () => {
    const { open } = onOneConnection('set innodb_lock_wait_timeout = 1');
    const { manager, release } = await createHung(engine, 1500, open);
    const start = performance.now();
    await expect(setLimit(manager)).rejects.toMatchObject({ code: 'unavailable' });
    expect(performance.now() - start).toBeGreaterThanOrEqual(1499);
    expect(await readMember(manager)).toBeTruthy();
    await release();
  });
});

describeEach(sharedEngines().filter(({ name }) => name === 'SQLite'))('$name', (engine) => {
  test('a locked file is tried no more once the caller is gone', async () => {
    let tries = 0;
    function open(place: Place): Storage {
      if (place.engine !== 'SQLite') throw new Error(place.engine);
      const database = new Database(place.filename, { timeout: 1 });
      const count = () => {
        tries += 1;
      };
      const db = new Kysely<object>({ dialect: new SqliteDialect({ database }), log: count });
      return { ...kyselyStorage(db), close: () => db.destroy() };
    }
    const { manager, release } = await createHung(engine, 300, open);
    await manager.member({ orgId, actor: admin, userId: admin.userId });
    const charge = manager.consume({ orgId, userId: admin.userId });
    const ended = await Promise.allSettled([setLimit(manager), charge]);
    expect(ended).toMatchObject(ended.map(() => ({ reason: { code: 'unavailable' } })));
    expect(tries).toBeGreaterThan(10);
    await setTimeout(50);
    const triedInTime = tries;
    await setTimeout(200);
    expect(tries).toBe(triedInTime);
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

test('a first call that hangs holds up no call after the deadline', async () => {
  const database = new Database(':memory:');
  await kyselyStorage(new Kysely<object>({ dialect: new SqliteDialect({ database }) })).migrate();
  const gate = createGate();
  let isHanging = true;
  const dialect = new SqliteDialect({ database });
  const driver = dialect.createDriver();
  const db = new Kysely<object>({
    dialect: {
      // As a pool, which has another connection for the next call.
      createAdapter: () =>
        Object.defineProperty(dialect.createAdapter(), 'supportsMultipleConnections', {
          value: true,
        }),
      createIntrospector: (host) => dialect.createIntrospector(host),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createDriver: () => ({
        init: () => driver.init(),
        destroy: () => driver.destroy(),
        async acquireConnection() {
          if (isHanging) await gate.pass();
          return driver.acquireConnection();
        },
        releaseConnection: (connection) => driver.releaseConnection(connection),
        beginTransaction: (connection, settings) => driver.beginTransaction(connection, settings),
        commitTransaction: (connection) => driver.commitTransaction(connection),
        rollbackTransaction: (connection) => driver.rollbackTransaction(connection),
      }),
    },
  });
  const manager = new OrgUserManager({
    storage: { ...kyselyStorage(db), close: () => db.destroy() },
    mailer: { send: async () => undefined },
    secret,
    baseUrl: 'https://app.acme.example.com/org',
    storageDeadlineMs: 1200,
  });
  onTestFinished(() => manager.close());
  await expect(readMember(manager)).rejects.toMatchObject({ code: 'unavailable' });
  isHanging = false;
  await expect(readMember(manager)).rejects.toMatchObject({ code: 'not_a_member' });
  gate.open();
});
