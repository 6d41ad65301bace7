/** Settings of servers, sessions and drivers with which every call works. */
import Database from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely';
import { kyselyStorage } from 'org-user-manager/kysely';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { testRateLimitStore, testStorage } from 'org-user-manager/testing';
import { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createManager } from '../fixtures/manager.ts';
import { dropSchema } from '../fixtures/schema-pool.ts';
import { describeEach, needing, postgresUrl } from '../fixtures/servers.ts';
import { sqliteFile } from '../fixtures/sqlite-file.ts';
import { admin, createTeam, orgId } from '../fixtures/team.ts';
import { doors, readsSettings } from './doors.ts';
import { supportedByMariaDb } from './mariadb-settings.ts';
import { supportedByPostgres } from './postgres-settings.ts';
import { createStorage, openServer } from './servers.ts';
import { supportedBySqlite } from './sqlite-settings.ts';
import { expectToWork } from './story.ts';

// OUM_THOROUGH=1 runs the conformance suites with every setting, on tables that were created with it.
const thorough = Boolean(process.env.OUM_THOROUGH);

const supported = [...supportedByMariaDb, ...supportedByPostgres, ...supportedBySqlite];

const servers = {
  MariaDB: openServer('MariaDB'),
  PostgreSQL: openServer('PostgreSQL'),
  SQLite: openServer('SQLite'),
};

describeEach(supported)('$engine with $title', (setting) => {
  const server = thorough ? openServer(setting.engine) : servers[setting.engine];
  const create = () => createStorage(setting, server);

  test('works', () => expectToWork(create()));

  // Where a setting makes calls lose that are made at once, they are made in each run.
  const isIsolation = setting.title.includes('transaction_isolation');
  testStorage({
    test(name, run) {
      if (thorough || (isIsolation && name.includes('at once'))) test(name, run);
    },
    create,
  });
  if (!thorough) return;
  testRateLimitStore({
    test,
    async create() {
      const { rateLimits, migrate, close } = create();
      await migrate();
      return { ...rateLimits, close };
    },
  });
});

const plain = ["sql_mode = 'STRICT_TRANS_TABLES'", 'row_security = off', 'trusted_schema = off'];

describeEach(supported.filter(({ title }) => plain.includes(title)))('$engine', (setting) => {
  const watched = async () => {
    const sent: string[] = [];
    const storage = createStorage(setting, servers[setting.engine], ({ query }) => {
      sent.push(query.sql);
    });
    onTestFinished(() => storage.close());
    await storage.migrate();
    sent.length = 0;
    return { storage, sent };
  };

  const expectAskedOnce = (sent: readonly string[]) => {
    const reads = sent.filter(readsSettings);
    expect(reads).toEqual(sent.slice(0, reads.length));
    expect(reads).toHaveLength(new Set(reads).size);
    expect(reads).not.toEqual([]);
  };

  test('is asked for its settings once, by the first call', async () => {
    const { storage, sent } = await watched();
    for (const call of [...doors(storage), ...doors(storage)]) await call();
    expectAskedOnce(sent);
  });

  test('is asked for its settings once, by a hundred first calls at once', async () => {
    const { storage, sent } = await watched();
    await Promise.all(
      Array.from({ length: 25 }, () => doors(storage).map((call) => call())).flat(),
    );
    expectAskedOnce(sent);
  });
});

test(
  'MariaDB creates tables with transactions whatever its default',
  needing('MariaDB'),
  async () => {
    const setting = supportedByMariaDb.find(
      ({ title }) => title === 'default_storage_engine = Aria',
    );
    const db = setting?.open() ?? expect.fail('it is among the settings');
    const schema = `oum_${crypto.randomUUID().slice(0, 18).replaceAll('-', '_')}`;
    await sql`create schema ${sql.id(schema)}`.execute(db);
    onTestFinished(async () => {
      await dropSchema(db, schema);
      await db.destroy();
    });
    await kyselyStorage(db, { schema }).migrate();
    const { rows } = await sql<{ engine: string }>`
    select engine from information_schema.tables
    where table_schema = ${schema} and table_name not like '%migration%'
  `.execute(db);
    expect(new Set(rows.map(({ engine }) => engine))).toEqual(new Set(['InnoDB']));
  },
);

const timeouts = ['lock_timeout', 'statement_timeout'].map((name) => ({
  name,
  needs: ['PostgreSQL'] as const,
}));

describeEach(timeouts)('$name of PostgreSQL', ({ name }) => {
  test('ends a call that waits for a lock as unavailable', async () => {
    const { db, schemas } = servers.PostgreSQL ?? expect.fail('it is a server');
    const schema = schemas.take();
    await sql`create schema if not exists ${sql.id(schema)}`.execute(db);
    const close = () => schemas.giveBack(schema);
    const patient = await createTeam({ ...kyselyStorage(db, { schema }), close });

    const pool = new Pool({ connectionString: postgresUrl, options: `-c ${name}=300ms` });
    const hasty = new Kysely<object>({ dialect: new PostgresDialect({ pool }) });
    const { manager } = await createManager({
      ...kyselyStorage(hasty, { schema }),
      migrate: async () => undefined,
      close: () => hasty.destroy(),
    });
    const limit = { orgId, actor: admin, userId: admin.userId, daily: 1 };
    await db.transaction().execute(async (trx) => {
      await patient.manager.using(trx).setLimit(limit);
      await expect(manager.setLimit(limit)).rejects.toMatchObject({
        code: 'unavailable',
        cause: { code: expect.stringMatching(/^(55P03|57014)$/) },
      });
    });
  });
});

test('changes to a SQLite file that may only be read are unavailable', async () => {
  const filename = sqliteFile();
  await createTeam(sqliteStorage({ filename }));
  const database = new Database(filename, { readonly: true });
  const db = new Kysely<object>({ dialect: new SqliteDialect({ database }) });
  const { manager } = await createManager({ ...kyselyStorage(db), close: () => db.destroy() });
  const call = { orgId, actor: admin };
  expect((await manager.listMembers(call)).items).toHaveLength(1);
  await expect(manager.setLimit({ ...call, userId: admin.userId, daily: 1 })).rejects.toMatchObject(
    { code: 'unavailable', cause: { code: 'SQLITE_READONLY' } },
  );
});
