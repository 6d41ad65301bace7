/** Transactions of the host that have ended without Kysely hearing of it: nothing is written for them. */
import { setTimeout } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { kyselyStorage } from 'org-user-manager/kysely';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { createHost, dump } from './fixtures/host.ts';
import { type HostDatabase, type HostTables, hostDatabases } from './fixtures/host-databases.ts';
import { createManager } from './fixtures/manager.ts';
import { describeEach } from './fixtures/servers.ts';
import { account, admin, orgId } from './fixtures/team.ts';

type End = (trx: Kysely<HostTables>, database: HostDatabase) => Promise<unknown>;

const tableOf = ({ schema }: HostDatabase, name: string) =>
  schema === undefined ? sql.table(name) : sql.table(`${schema}.${name}`);

/** Ends a transaction by losing a deadlock against another one, and catches the error. */
const loseDeadlock: End = async (trx, database) => {
  const lock = (on: Kysely<HostTables>, userId: string) =>
    sql`update ${tableOf(database, 'oum_member')} set sort_name = sort_name
      where org_id = ${orgId} and user_id = ${userId}`.execute(on);
  const other = await database.db.startTransaction().execute();
  await lock(trx, 'u_1');
  // Heavy, so that the database gives up the one that did less.
  for (let row = 0; row < 50; row += 1) {
    await other
      .insertInto('host_project')
      .values({ id: `h${row}` })
      .execute();
  }
  await lock(other, 'u_2');
  const theirs = lock(other, 'u_1');
  await setTimeout(100);
  await expect(lock(trx, 'u_2')).rejects.toMatchObject({ code: 'ER_LOCK_DEADLOCK' });
  await theirs;
  await other.rollback().execute();
};

/** How transactions end on every engine, or on some. */
const everywhere: Readonly<Record<string, End>> = {
  'a rollback in SQL': (trx) => sql`rollback`.execute(trx),
  'a commit in SQL': (trx) => sql`commit`.execute(trx),
};
const onSqlite: typeof everywhere = {
  'a failed `insert or rollback`': async (trx) => {
    const insert = sql`insert or rollback into oum_organization select * from oum_organization`;
    await expect(insert.execute(trx)).rejects.toThrow(/UNIQUE/);
  },
};
const onMariaDb: typeof everywhere = {
  DDL: async (trx, database) => {
    await sql`create table ${tableOf(database, 'host_ddl')} (id int)`.execute(trx);
    await sql`drop table ${tableOf(database, 'host_ddl')}`.execute(trx);
  },
};

describeEach(hostDatabases())('$name', ({ name, reuse, isolationLevels }) => {
  const isMariaDb = name.startsWith('MariaDB');
  const ends = Object.entries({
    ...everywhere,
    ...(/sqlite/i.test(name) && onSqlite),
    ...(isMariaDb && onMariaDb),
    ...(isMariaDb && isolationLevels.length > 0 && { 'a deadlock': loseDeadlock }),
  });

  test.each(ends)('after %s every call that writes is a conflict', async (_, end) => {
    const database = await reuse();
    const { manager, db, token, before, mailer } = await createHost(database);
    const { manager: counting } = await createManager(
      kyselyStorage(db, { schema: database.schema }),
      {
        clock: undefined,
        rateLimitStore: memoryStorage().rateLimits,
        onStoreError: 'closed',
      },
    );
    const ended = db.transaction().execute(async (trx) => {
      const [bound, elsewhere] = [manager.using(trx), counting.using(trx)];
      const call = { orgId, actor: admin };
      await bound.listMembers(call);
      await end(trx, database);
      const member = { orgId, userId: 'u_2' };
      const founder = { userId: 'u_9', email: account('u_9').email };
      const calls = [
        () => bound.invite({ ...call, email: 'late@acme.example.com' }),
        () => bound.inviteMany({ ...call, addresses: ['later@acme.example.com'] }),
        () => bound.createOrganization({ orgId: 'other', name: 'Other', admin: founder }),
        () => bound.accept({ token, account: account('u_3') }),
        () => bound.setLimit({ ...call, userId: 'u_2', daily: 5 }),
        () => bound.disable({ ...call, userId: 'u_1' }),
        () => bound.consume(member),
        () => bound.record({ ...member, units: 3 }),
        () => bound.reserve({ ...member, estimate: 2 }),
        // Its counters are elsewhere, so that the reservation is what is written first.
        () => elsewhere.reserve({ ...member, estimate: 2 }),
      ];
      for (const write of calls) {
        await expect(write()).rejects.toMatchObject({
          code: 'conflict',
          details: { transaction: 'ended' },
        });
      }
      // What a host may do that has heard of it.
      throw new Error('the host gives up');
    });
    // SQLite has nothing to roll back.
    await expect(ended).rejects.toThrow(/the host gives up|no transaction is active/);
    expect(await dump(database)).toEqual(before);
    await manager.deliverMail();
    expect(mailer.sent).toEqual([]);
    if (!/sqlite/i.test(name)) return;
    const { rows } = await sql`pragma foreign_keys`.execute(db);
    expect(rows).toEqual([{ foreign_keys: 1 }]);
  });

  test('a transaction that begins anew afterwards is whole', async () => {
    const database = await reuse();
    const { manager, db } = await createHost(database);
    await db.transaction().execute(async (trx) => {
      const set = (daily: number) =>
        manager.using(trx).setLimit({ orgId, actor: admin, userId: 'u_2', daily });
      await sql`rollback`.execute(trx);
      await expect(set(3)).rejects.toMatchObject({ code: 'conflict' });
      await sql`begin`.execute(trx);
      await set(4);
    });
    const { limit } = await manager.member({ orgId, actor: admin, userId: 'u_2' });
    expect(limit.daily).toBe(4);
  });
});
