/** Settings of servers, sessions and drivers: with some every call works, and others are refused. */
import { Kysely, MysqlDialect, PostgresDialect, sql } from 'kysely';
import { createPool } from 'mysql2';
import type { Storage, StorageScope } from 'org-user-manager';
import { kyselyStorage } from 'org-user-manager/kysely';
import { testRateLimitStore, testStorage } from 'org-user-manager/testing';
import { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createSchemaPool } from '../fixtures/schema-pool.ts';
import { describeEach, mariadbUrl, postgresUrl } from '../fixtures/servers.ts';
import { orgId } from '../fixtures/team.ts';
import { refusedOfMariaDb, supportedByMariaDb } from './mariadb-settings.ts';
import { refusedOfPostgres, supportedByPostgres } from './postgres-settings.ts';
import type { Setting } from './setting.ts';
import { refusedOfSqlite, supportedBySqlite } from './sqlite-settings.ts';
import { expectToWork } from './story.ts';

// OUM_THOROUGH=1 runs the conformance suites with every setting, on tables that were created with it.
const thorough = Boolean(process.env.OUM_THOROUGH);

const supported = [...supportedByMariaDb, ...supportedByPostgres, ...supportedBySqlite];
const refused = [...refusedOfMariaDb, ...refusedOfPostgres, ...refusedOfSqlite];

const plainMariaDb = new Kysely<object>({
  dialect: new MysqlDialect({ pool: createPool(mariadbUrl) }),
});
const plainPostgres = new Kysely<object>({
  dialect: new PostgresDialect({ pool: new Pool({ connectionString: postgresUrl }) }),
});
const servers = new Map([
  ['MariaDB', { db: plainMariaDb, schemas: createSchemaPool(plainMariaDb) }],
  ['PostgreSQL', { db: plainPostgres, schemas: createSchemaPool(plainPostgres) }],
]);

/** A storage with the setting. Its schema is created and emptied by connections without it. */
function createStorage({ engine, open }: Setting): Storage {
  const db = open();
  const server = servers.get(engine);
  if (!server) return { ...kyselyStorage(db), close: () => db.destroy() };
  const schema = server.schemas.take();
  const storage = kyselyStorage(db, { schema });
  return {
    ...storage,
    async migrate() {
      await sql`create schema if not exists ${sql.id(schema)}`.execute(server.db);
      await storage.migrate();
    },
    async close() {
      await db.destroy();
      await server.schemas.giveBack(schema);
    },
  };
}

describeEach(supported)('$engine with $title', (setting) => {
  test('works', () => expectToWork(createStorage(setting)));

  if (!thorough) return;
  testStorage({ test, create: () => createStorage(setting) });
  testRateLimitStore({
    test,
    async create() {
      const { rateLimits, migrate, close } = createStorage(setting);
      await migrate();
      return { ...rateLimits, close };
    },
  });
});

/** A call through every door of a storage, or of a transaction of its host. */
const doors = (scope: StorageScope): readonly (() => Promise<unknown>)[] => [
  async () => scope.load({ orgId, userIds: ['u_1'] }),
  () => scope.transaction(orgId, (tx) => tx.countPending(orgId, 0)),
  async () => scope.rateLimits.get(orgId, ['k']),
  () => scope.reservations.remove('r'),
];

// Each connection begins with a statement that gives it the setting.
const isOfTest = (statement: string) => /^(set|pragma|begin|rollback|commit)\b/.test(statement);
const readsSettings = (statement: string) =>
  /^(show variables|select .* from pg_catalog.pg_settings|select .* from pragma_)/s.test(statement);

describeEach(refused)('$engine with $title', ({ title, open, message }) => {
  test('is refused before anything is sent', async () => {
    const sent: string[] = [];
    const db = open(({ query }) => {
      sent.push(query.sql);
    });
    onTestFinished(() => db.destroy());
    const { outbox, hostTransactions, ...storage } = kyselyStorage(db);
    const expectRefusal = (call: () => Promise<unknown>) =>
      expect(call()).rejects.toMatchObject({
        code: 'unsupported_setting',
        status: 500,
        message: `A setting of the database or its driver is not supported: ${message}`,
      });

    for (const call of [storage.migrate, outbox.nextDueAt, ...doors(storage)]) {
      await expectRefusal(call);
    }
    // There, hosts cannot begin a transaction.
    if (title !== "sql_mode = 'ORACLE'") {
      await db.transaction().execute(async (trx) => {
        const inside = hostTransactions?.using(trx) ?? expect.fail('it has host transactions');
        for (const call of doors(inside)) await expectRefusal(call);
      });
    }
    const statements = sent.filter((statement) => !isOfTest(statement));
    expect(statements.length).toBeGreaterThanOrEqual(6);
    expect(statements.filter((statement) => !readsSettings(statement))).toEqual([]);
  });
});

const plain = ["sql_mode = 'STRICT_TRANS_TABLES'", 'row_security = off', 'trusted_schema = off'];

describeEach(supported.filter(({ title }) => plain.includes(title)))(
  '$engine',
  ({ open, engine }) => {
    test('is asked for its settings once, by the first call', async () => {
      const sent: string[] = [];
      const db = open(({ query }) => {
        sent.push(query.sql);
      });
      onTestFinished(() => db.destroy());
      const server = servers.get(engine);
      const schema = server?.schemas.take();
      if (server && schema)
        await sql`create schema if not exists ${sql.id(schema)}`.execute(server.db);
      await kyselyStorage(db, { schema }).migrate();
      sent.length = 0;
      const storage = kyselyStorage(db, { schema });
      for (let times = 0; times < 3; times += 1) {
        for (const call of doors(storage)) await call();
      }
      expect(sent.filter(readsSettings)).toHaveLength(1);
      expect(sent.findIndex(readsSettings)).toBe(0);
      if (server && schema) await server.schemas.giveBack(schema);
    });
  },
);
