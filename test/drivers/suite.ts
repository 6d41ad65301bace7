/** The conformance suites and the main calls, over each driver that the guide of the storage names. */
import { setTimeout } from 'node:timers/promises';
import { Kysely, sql, type Transaction } from 'kysely';
import { kyselyStorage } from 'org-user-manager/kysely';
import { testRateLimitStore, testStorage } from 'org-user-manager/testing';
import { expect } from 'vitest';
import { codeOf } from '../fixtures/code-of.ts';
import { scoredTests } from '../fixtures/conformance-table.ts';
import { createManager } from '../fixtures/manager.ts';
import { describeEach } from '../fixtures/servers.ts';
import { sqliteFile } from '../fixtures/sqlite-file.ts';
import { admin, createTeam, orgId } from '../fixtures/team.ts';
import { drivers } from './drivers.ts';
import { type HostTables, openDriver } from './open-driver.ts';

const ofStorage = scoredTests('Storage');
const ofCounters = scoredTests('Counters');
const ofManager = scoredTests('Manager');

const call = { orgId, actor: admin };
const people = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}@acme.example.com`);

describeEach(drivers)('$name', (driver) => {
  const { name } = driver;
  const open = openDriver(driver);

  testStorage({ test: ofStorage(name), create: () => open().storage });

  testRateLimitStore({
    test: ofCounters(name),
    async create() {
      const { storage } = open();
      await storage.migrate();
      return { ...storage.rateLimits, close: () => storage.close() };
    },
  });

  const test = ofManager(name);

  /** A team, and a table of the host's own beside its tables. */
  async function createHost() {
    const { db, storage } = open();
    const limits = { bulkAddressLimit: 1000, pendingInvitationLimit: null };
    const team = await createTeam(storage, limits);
    const table = db.schema.createTable('host_project').ifNotExists();
    await table.addColumn('id', 'varchar(64)').execute();
    const addProject = (trx: Transaction<HostTables>) =>
      trx.insertInto('host_project').values({ id: crypto.randomUUID() }).execute();
    const countProjects = async () =>
      (await db.selectFrom('host_project').selectAll().execute()).length;
    return { ...team, db, addProject, countProjects };
  }

  test('migrates at once, and again', async () => {
    const { manager } = await createManager(open().storage);
    await Promise.all([manager.migrate(), manager.migrate(), manager.migrate()]);
    await manager.migrate();
  });

  test('refuses calls before the tables are there', async () => {
    const { db, storage } = open();
    const bare = kyselyStorage(db, { tablePrefix: 'none_' });
    const outcome = await codeOf(Promise.resolve(bare.load({ orgId, userIds: ['u_1'] })));
    await storage.close();
    expect(outcome).toBe('schema_outdated');
  });

  for (const count of [1, 2, 1000]) {
    test(`invites ${count} in bulk, and again`, async () => {
      const { manager } = await createHost();
      const addresses = people('p', count);
      for (const outcome of ['invited', 'already_invited']) {
        const results = await manager.inviteMany({ ...call, addresses });
        expect(results.map((result) => result.outcome)).toEqual(addresses.map(() => outcome));
      }
      expect(await manager.listInvitations({ ...call, search: 'P' })).toMatchObject({
        total: { count, exact: true },
      });
    });
  }

  test('accepts, limits, charges, reserves and disables', async () => {
    const { manager, mailer, join } = await createHost();
    await join('u_1');
    await manager.invite({ ...call, email: 'u_2@acme.example.com' });
    await manager.deliverMail();
    expect(mailer.sent.map(({ to }) => to)).toContain('u_2@acme.example.com');
    const own = { orgId, userId: 'u_1' };
    const theirs = { ...call, ...own };
    await manager.setLimit({ ...theirs, daily: 5 });
    expect(await manager.consume({ ...own, cost: 4 })).toMatchObject({ allowed: true });
    expect(await manager.consume({ ...own, cost: 2 })).toMatchObject({ allowed: false });
    const reserved = await manager.reserve({ ...own, estimate: 1 });
    if (reserved.allowed) await reserved.reservation.commit(0);
    expect((await manager.usage(theirs)).windows[0]).toMatchObject({ used: 4, limit: 5 });
    await manager.disable(theirs);
    expect(await manager.consume(own)).toMatchObject({ allowed: false });
    expect(await manager.member(theirs)).toMatchObject({ status: 'disabled', limit: { daily: 5 } });
  });

  test('admits no charge too many when they come at once', async () => {
    const { manager, join } = await createHost();
    await join('u_1');
    await manager.setLimit({ ...call, userId: 'u_1', daily: 10 });
    const charges = Array.from({ length: 30 }, () => manager.consume({ orgId, userId: 'u_1' }));
    const allowed = (await Promise.all(charges)).filter((decision) => decision.allowed);
    expect(allowed).toHaveLength(10);
  });

  test('joins transactions of the host, where a refused call undoes itself alone', async () => {
    const { manager, db, addProject, countProjects } = await createHost();
    const work = async (trx: Transaction<HostTables>) => {
      const bound = manager.using(trx);
      await addProject(trx);
      await bound.inviteMany({ ...call, addresses: people('p', 2) });
      await bound.setLimit({ ...call, userId: admin.userId, daily: 3 });
      const own = { orgId, userId: admin.userId };
      expect(await bound.consume({ ...own, cost: 4 })).toMatchObject({ allowed: false });
      expect(await codeOf(bound.disable({ ...call, userId: admin.userId }))).toBe('last_admin');
      expect(await bound.consume({ ...own, cost: 3 })).toMatchObject({ allowed: true });
    };
    const undone = db.transaction().execute(async (trx) => {
      await work(trx);
      throw new Error('the host thinks better of it');
    });
    await expect(undone).rejects.toThrow('the host thinks better of it');
    const found = async () => [
      await countProjects(),
      (await manager.listInvitations(call)).total.count,
      (await manager.usage({ ...call, userId: admin.userId })).windows[0]?.used,
    ];
    expect(await found()).toEqual([0, 0, 0]);
    await db.transaction().execute(work);
    expect(await found()).toEqual([1, 2, 3]);
  });

  if (driver.isSqlite) {
    test('waits for a file that another connection has locked', async () => {
      const filename = sqliteFile();
      const connect = () => new Kysely<object>({ dialect: driver.dialect(filename) });
      const [db, other] = [connect(), connect()];
      const storage = kyselyStorage(db);
      const { manager } = await createTeam({ ...storage, close: () => db.destroy() });
      await sql`begin immediate`.execute(other);
      const waiting = codeOf(manager.setLimit({ ...call, userId: admin.userId, daily: 3 }));
      await setTimeout(100);
      await sql`commit`.execute(other);
      // libsql 0.5.29 keeps a statement open that the lock has refused, and commits nothing until the
      // statement is garbage-collected.
      expect(name === 'libsql' ? ['done', 'conflict'] : ['done']).toContain(await waiting);
      await other.destroy();
    });
  } else if (name !== 'PGlite') {
    test('tells which of two transactions of the host has lost', async () => {
      const { manager, db } = await createHost();
      const other = { ...call, orgId: 'other' };
      const owner = { userId: admin.userId, email: 'admin@other.example.com' };
      await manager.createOrganization({ orgId: 'other', name: 'Other', admin: owner });
      const change = (trx: Transaction<HostTables>, of: typeof call) =>
        codeOf(manager.using(trx).setLimit({ ...of, userId: admin.userId, daily: 3 }));
      const one = await db.startTransaction().execute();
      const two = await db.startTransaction().execute();
      expect([await change(one, call), await change(two, other)]).toEqual(['done', 'done']);
      const outcomes = await Promise.all([
        change(one, other).finally(() => one.rollback().execute()),
        change(two, call).finally(() => two.rollback().execute()),
      ]);
      expect(outcomes.toSorted()).toEqual(['conflict', 'done']);
    });
  }
});
