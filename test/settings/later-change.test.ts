/** Names that are SQL where MariaDB reads no backslashes, after the setting was checked. */
import { CompiledQuery, Kysely, MysqlDialect, sql } from 'kysely';
import { createPool, type Pool } from 'mysql2';
import { kyselyStorage } from 'org-user-manager/kysely';
import { testRateLimitStore, testStorage } from 'org-user-manager/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createSchemaPool } from '../fixtures/schema-pool.ts';
import { describeEach, mariadbUrl } from '../fixtures/servers.ts';
import { admin, createTeam, orgId } from '../fixtures/team.ts';
import { expectToWork, injection } from './story.ts';

const plain = new Kysely<object>({ dialect: new MysqlDialect({ pool: createPool(mariadbUrl) }) });
const schemas = createSchemaPool(plain);

/**
 * A storage that is used once while the server has its usual mode. Afterwards every connection is new and has
 * another one, as after `set global sql_mode`.
 */
function createStorage() {
  const schema = schemas.take();
  let mode = 'STRICT_TRANS_TABLES';
  const pool = createPool({ uri: mariadbUrl, connectionLimit: 4 });
  const dialect = new MysqlDialect({
    pool,
    async onCreateConnection(connection) {
      await connection.executeQuery(CompiledQuery.raw(`use ${schema}`));
      await connection.executeQuery(CompiledQuery.raw(`set session sql_mode = '${mode}'`));
    },
  });
  const texts: unknown[] = [];
  const db = new Kysely<object>({
    dialect,
    log({ query }) {
      texts.push(...query.parameters.filter((value) => typeof value === 'string'));
    },
  });
  const storage = kyselyStorage(db, { schema });
  return {
    /** The texts that the driver was given. */
    texts,
    ...storage,
    async migrate() {
      await sql`create schema if not exists ${sql.id(schema)}`.execute(plain);
      await storage.migrate();
      await storage.load({ orgId });
      mode = 'NO_BACKSLASH_ESCAPES';
      await destroyConnection(pool);
      const { rows } = await sql<{ mode: string }>`select @@sql_mode as mode`.execute(db);
      expect(rows).toEqual([{ mode }]);
    },
    async close() {
      await db.destroy();
      await schemas.giveBack(schema);
    },
  };
}

/** Destroys the only connection that a pool has opened. */
const destroyConnection = (pool: Pool) =>
  new Promise<void>((resolve, reject) => {
    pool.getConnection((error, connection) => {
      if (error) return reject(error);
      connection.destroy();
      resolve();
    });
  });

const engines = [{ name: 'MariaDB', needs: ['MariaDB'] }] as const;

describeEach(engines)('$name whose connections read no backslashes any more', () => {
  test('a name that is SQL stays a name', async () => {
    const { manager } = await createTeam(createStorage());
    const email = 'secret@b.example.com';
    await manager.createOrganization({ orgId: 'b', name: 'B', admin: { userId: 'u_b', email } });
    const asAdmin = { orgId, actor: admin };
    const listed = async () => {
      const { items } = await manager.listInvitations({ ...asAdmin, sort: 'address' });
      return items.map(({ name, phone }) => [name, phone]);
    };

    await manager.invite({ ...asAdmin, email: 'p0@acme.example.com', name: injection });
    expect(await listed()).toEqual([[injection, null]]);

    const [first, second] = ['p1@acme.example.com', 'p2@acme.example.com'];
    await manager.inviteMany({
      ...asAdmin,
      addresses: [first, second],
      perAddress: { [first]: { name: injection }, [second]: { name: "Pat O'Hara" } },
    });
    expect(await listed()).toEqual([
      [injection, null],
      [injection, null],
      ["Pat O'Hara", null],
    ]);
  });

  test('every call works, and the driver is given no text but digits', async () => {
    const { texts, ...storage } = createStorage();
    await expectToWork(storage);
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => !/^[0-9a-f]*$/.test(String(text)))).toEqual([]);
  });

  test('a further migration refuses the mode', async () => {
    const storage = createStorage();
    onTestFinished(() => storage.close());
    await storage.migrate();
    await expect(storage.migrate()).rejects.toMatchObject({ code: 'unsupported_setting' });
  });

  if (!process.env.OUM_THOROUGH) return;
  testStorage({
    test(name, run) {
      // It is refused, as above.
      if (!name.startsWith('transactions: migrating again')) test(name, run);
    },
    create: createStorage,
  });
  testRateLimitStore({
    test,
    async create() {
      const { rateLimits, migrate, close } = createStorage();
      await migrate();
      return { ...rateLimits, close };
    },
  });
});
