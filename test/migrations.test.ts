/** In which schema migrate() works, beside which migrations of the application, and how it fails. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import {
  type CompiledQuery,
  type Dialect,
  Kysely,
  MysqlDialect,
  PostgresDialect,
  SqliteDialect,
  sql,
} from 'kysely';
import { Migrator } from 'kysely/migration';
import { createPool } from 'mysql2';
import { isOrgUserManagerError, OrgUserManager, type Storage } from 'org-user-manager';
import { kyselyStorage } from 'org-user-manager/kysely';
import { memoryStorage } from 'org-user-manager/memory';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { Pool } from 'pg';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { secret } from './fixtures/manager.ts';
import type { Place } from './fixtures/place.ts';
import { sharedEngines } from './fixtures/places.ts';
import { dropSchema } from './fixtures/schema-pool.ts';
import {
  describeEach,
  mariadbUrl,
  needing,
  type OnServers,
  postgresUrl,
} from './fixtures/servers.ts';
import { openRaw, sqliteFile } from './fixtures/sqlite-file.ts';
import { createTeam, orgId } from './fixtures/team.ts';

function open(dialect: Dialect): Kysely<object> {
  const db = new Kysely<object>({ dialect });
  onTestFinished(() => db.destroy());
  return db;
}

const membersIn = async (storage: Storage) =>
  (await storage.load({ orgId })).organization?.activeMembers;

interface Server extends OnServers {
  readonly name: string;
  /** Connections that create tables in this schema, or in none. */
  dialect(schema: string | undefined): Dialect;
}

const postgres: Server = {
  name: 'PostgreSQL',
  needs: ['PostgreSQL'],
  dialect: (schema = 'no_such_schema') => {
    const options = `-c search_path=${schema}`;
    return new PostgresDialect({ pool: new Pool({ connectionString: postgresUrl, options }) });
  },
};

const mariadb: Server = {
  name: 'MariaDB',
  needs: ['MariaDB'],
  dialect: (schema = '') => {
    const uri = Object.assign(new URL(mariadbUrl), { pathname: `/${schema}` }).href;
    return new MysqlDialect({ pool: createPool(uri) });
  },
};

const newName = () => `oum_${crypto.randomUUID().slice(0, 18).replaceAll('-', '_')}`;

/** Two empty schemas. */
async function createSchemas({ dialect }: Server) {
  const operator = open(dialect(undefined));
  const schemas = [newName(), newName()] as const;
  for (const schema of schemas) {
    await sql`create schema ${sql.id(schema)}`.execute(operator);
    onTestFinished(() => dropSchema(operator, schema));
  }
  return schemas;
}

describeEach([postgres, mariadb])('in schemas of $name', (server) => {
  const { dialect } = server;

  test('the one of the connection has tables of its own, wherever else there are some', async () => {
    const [first, second] = await createSchemas(server);
    await createTeam(kyselyStorage(open(dialect(first))));
    const others = kyselyStorage(open(dialect(second)));
    await expect(others.load({ orgId })).rejects.toMatchObject({ details: { found: 'absent' } });
    await others.migrate();
    expect(await membersIn(others)).toBeUndefined();
    // Named, they are the same.
    expect(await membersIn(kyselyStorage(open(dialect(second)), { schema: first }))).toBe(1);
  });

  test('one that is absent is created, beside the one of the connection', async () => {
    const [first] = await createSchemas(server);
    const db = open(dialect(first));
    await createTeam(kyselyStorage(db));
    const schema = newName();
    onTestFinished(() => dropSchema(db, schema));
    const storages = ['oum_', 'members_'].map((tablePrefix) =>
      kyselyStorage(db, { schema, tablePrefix }),
    );
    await Promise.all(storages.map((storage) => storage.migrate()));
    for (const storage of storages) expect(await membersIn(storage)).toBeUndefined();
  });

  test('a connection without one is told so', async () => {
    const storage = kyselyStorage(open(dialect(undefined)));
    await expect(storage.migrate()).rejects.toMatchObject({
      code: 'migration_denied',
      cause: { message: expect.stringMatching(/schema|database/) },
    });
  });
});

test('of a search path only the first schema counts', needing('PostgreSQL'), async () => {
  const [first, second] = await createSchemas(postgres);
  await createTeam(kyselyStorage(open(postgres.dialect(second))));
  const storage = kyselyStorage(open(postgres.dialect(`${first},${second}`)));
  await expect(storage.load({ orgId })).rejects.toMatchObject({ details: { found: 'absent' } });
  await createTeam(storage);
  expect(await membersIn(kyselyStorage(open(postgres.dialect(first))))).toBe(1);
});

/** The dialect, whose statements pass through `change` first. */
function intercept(
  dialect: Dialect,
  change: <R>(query: CompiledQuery<R>) => Promise<CompiledQuery<R>>,
): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver() {
      const driver = dialect.createDriver();
      const acquire = driver.acquireConnection.bind(driver);
      driver.acquireConnection = async (options) => {
        const connection = await acquire(options);
        const execute = connection.executeQuery.bind(connection);
        connection.executeQuery = async (query, given) => execute(await change(query), given);
        return connection;
      };
      return driver;
    },
  };
}

test(
  'settings of the application, such as short timeouts, end no wait for a migration',
  needing('PostgreSQL'),
  async () => {
    const [schema] = await createSchemas(postgres);
    const begun = Promise.withResolvers<void>();
    const slow = intercept(postgres.dialect(schema), async (query) => {
      if (/create table .*oum_usage/.test(query.sql)) {
        begun.resolve();
        await setTimeout(1500);
      }
      return query;
    });
    const first = kyselyStorage(open(slow)).migrate();
    await begun.promise;
    const settings = [
      'lock_timeout=1ms',
      'statement_timeout=1s',
      'default_transaction_isolation=serializable',
    ];
    const options = [`search_path=${schema}`, ...settings]
      .map((setting) => `-c ${setting}`)
      .join(' ');
    const pool = new Pool({ connectionString: postgresUrl, options });
    await kyselyStorage(open(new PostgresDialect({ pool }))).migrate();
    await first;
  },
);

test('a process that waits too long for another one is told so', needing('MariaDB'), async () => {
  const [schema] = await createSchemas(mariadb);
  // The server would say so after a minute.
  const busy = intercept(mariadb.dialect(schema), async (query) =>
    query.sql.includes('get_lock') ? { ...query, sql: 'select 0 as taken', parameters: [] } : query,
  );
  const storage = kyselyStorage(open(busy));
  await expect(storage.migrate()).rejects.toMatchObject({
    code: 'unavailable',
    cause: { message: expect.stringMatching(/another process/) },
  });
  await expect(storage.load({ orgId })).rejects.toMatchObject({ details: { found: 'absent' } });
});

test('a wait for the lock that an operator ends is no lock', needing('MariaDB'), async () => {
  const [schema] = await createSchemas(mariadb);
  const operator = open(mariadb.dialect(undefined));
  const storage = kyselyStorage(open(mariadb.dialect(schema)));
  await operator.connection().execute(async (first) => {
    await sql`select get_lock(concat('oum_migration_', sha1(${schema})), 0)`.execute(first);
    const migrating = expect(storage.migrate()).rejects.toMatchObject({
      code: 'unavailable',
      cause: { message: expect.stringMatching(/lock/) },
    });
    const waiting = sql<{ id: number }>`select id from information_schema.processlist
      where db = ${schema} and state = 'User lock'`;
    const [waiter] = await vi.waitUntil(async () => {
      const { rows } = await waiting.execute(operator);
      return rows.length > 0 && rows;
    });
    await sql`kill query ${sql.lit(waiter?.id)}`.execute(operator);
    await migrating;
    await sql`select release_all_locks()`.execute(first);
  });
  await expect(storage.load({ orgId })).rejects.toMatchObject({ details: { found: 'absent' } });
  await storage.migrate();
});

/** Lets timeouts of the library pass so many times faster, until the test ends. */
function hurry(times: number): void {
  const { timeout } = AbortSignal;
  const spy = vi.spyOn(AbortSignal, 'timeout');
  spy.mockImplementation((ms) => timeout.call(AbortSignal, Math.ceil(ms / times)));
  onTestFinished(() => spy.mockRestore());
}

/** A file that another connection has locked, in three ways; two libraries would not see each other's locks. */
const lockedFiles = [
  {
    name: 'a write-ahead log, for better-sqlite3',
    lock: ['pragma journal_mode = wal', 'begin immediate'],
    openOther: (filename: string) => new Database(filename),
    create: (filename: string) => sqliteStorage({ filename, driver: 'better-sqlite3' }),
  },
  {
    name: 'a write-ahead log, for node:sqlite',
    lock: ['pragma journal_mode = wal', 'begin immediate'],
    openOther: openRaw,
    create: (filename: string) => sqliteStorage({ filename, driver: 'node:sqlite' }),
  },
  {
    name: 'a rollback journal, also for readers',
    lock: ['begin exclusive'],
    openOther: (filename: string) => new Database(filename),
    create: (filename: string) => {
      const database = new Database(filename, { timeout: 5 });
      return kyselyStorage(open(new SqliteDialect({ database })));
    },
  },
];

describe.each(lockedFiles)('a file with $name', ({ lock, openOther, create }) => {
  test('that is locked makes migrate() wait for up to a minute', async () => {
    // A minute takes a second and a half.
    hurry(40);
    const filename = sqliteFile();
    const other = openOther(filename);
    for (const statement of lock) other.exec(statement);
    const storage = create(filename);
    const begun = performance.now();
    await expect(storage.migrate()).rejects.toMatchObject({
      code: 'unavailable',
      cause: { message: expect.stringMatching(/locked/) },
    });
    expect(performance.now() - begun).toBeGreaterThan(1450);
    const second = storage.migrate();
    await setTimeout(800);
    other.exec('rollback');
    await second;
    expect(await membersIn(storage)).toBeUndefined();
  });
});

function hostAt(place: Place, connections: number): Kysely<object> {
  switch (place.engine) {
    case 'SQLite':
      return open(new SqliteDialect({ database: new Database(place.filename) }));
    case 'PostgreSQL': {
      const pool = new Pool({ connectionString: place.url, max: connections });
      return open(new PostgresDialect({ pool }));
    }
    case 'MariaDB': {
      const uri = Object.assign(new URL(place.url), { pathname: `/${place.schema}` }).href;
      return open(new MysqlDialect({ pool: createPool({ uri, connectionLimit: connections }) }));
    }
  }
}

/** Runs a migration of the application with Kysely's migrator; answers the error that ended it. */
async function migrateHost(host: Kysely<object>, up: (db: Kysely<object>) => Promise<void>) {
  const migrator = new Migrator({
    db: host,
    provider: { getMigrations: async () => ({ '001-host': { up } }) },
  });
  return (await migrator.migrateToLatest()).error;
}

const adviceOf = (error: unknown) => {
  const { message, cause } = Object(error);
  return isOrgUserManagerError(error, 'unavailable') ? Object(cause).message : message;
};

describeEach(sharedEngines())('inside a migration of the application on $name', (engine) => {
  async function openHost(connections: number) {
    const { place, drop } = await engine.create();
    onTestFinished(drop);
    return hostAt(place, connections);
  }

  test('the db of the migration is refused at once if it is a transaction', async () => {
    const host = await openHost(2);
    const error = await migrateHost(host, (db) => kyselyStorage(db).migrate());
    if (engine.name === 'PostgreSQL') {
      expect(error).toMatchObject({ code: 'invalid_options' });
      expect(adviceOf(error)).toContain('await manager.migrate()');
    } else {
      expect([error, await membersIn(kyselyStorage(host))]).toEqual([undefined, undefined]);
    }
  });

  test.each([
    ['one connection', 1],
    ['two connections', 2],
  ])(
    'the application itself may migrate unless it has to wait for itself, with %s',
    async (_, connections) => {
      const host = await openHost(connections);
      const storage = kyselyStorage(host);
      // SQLite has one in any case.
      const isAlone = connections === 1 || engine.name === 'SQLite';
      if (isAlone) hurry(50);
      const error = await migrateHost(host, () => storage.migrate());
      if (isAlone) {
        expect(error).toMatchObject({ code: 'unavailable' });
        expect(adviceOf(error)).toContain('await manager.migrate()');
      } else {
        expect(error).toBeUndefined();
      }
      await storage.migrate();
      expect(await membersIn(storage)).toBeUndefined();
    },
  );
});

describe('what migrate() throws', () => {
  const managerOn = (storage: Storage) => {
    const manager = new OrgUserManager({
      storage,
      mailer: { send: async () => undefined },
      secret,
      baseUrl: 'https://app.acme.example.com/org',
    });
    onTestFinished(() => manager.close());
    return manager;
  };

  const unreachable = {
    PostgreSQL: new PostgresDialect({
      pool: new Pool({ connectionString: 'postgres://amy:hunter2@127.0.0.1:1/test' }),
    }),
    MariaDB: new MysqlDialect({ pool: createPool('mysql://amy:hunter2@127.0.0.1:1/test') }),
  };
  const noFolder = () => join(sqliteFile(), 'no-folder', 'app.sqlite');

  test.each<[string, () => Storage]>([
    ['PostgreSQL away', () => kyselyStorage(open(unreachable.PostgreSQL))],
    ['MariaDB away', () => kyselyStorage(open(unreachable.MariaDB))],
    [
      'no folder for better-sqlite3',
      () => sqliteStorage({ filename: noFolder(), driver: 'better-sqlite3' }),
    ],
    [
      'no folder for node:sqlite',
      () => sqliteStorage({ filename: noFolder(), driver: 'node:sqlite' }),
    ],
    [
      'a storage of others that fails',
      () => ({ ...memoryStorage(), migrate: () => Promise.reject(new TypeError('away')) }),
    ],
  ])('%s is unavailable, with the cause', async (what, create) => {
    const manager = managerOn(create());
    const unavailable = { code: 'unavailable', status: 503, cause: expect.any(Error) };
    await expect(manager.migrate()).rejects.toMatchObject(unavailable);
    if (what.startsWith('a storage')) return;
    await expect(manager.settings.storage.migrate()).rejects.toMatchObject(unavailable);
    const founder = { userId: 'u_1', email: 'u_1@acme.example.com' };
    const first = manager.createOrganization({ orgId, name: 'Acme', admin: founder });
    await expect(first).rejects.toMatchObject(unavailable);
  });

  test('a file that may only be read is denied', async () => {
    const filename = sqliteFile();
    openRaw(filename).exec('create table host_project (id integer)');
    const database = new Database(filename, { readonly: true });
    const storage = kyselyStorage(open(new SqliteDialect({ database })));
    await expect(storage.migrate()).rejects.toMatchObject({
      code: 'migration_denied',
      cause: { message: expect.stringContaining('readonly') },
    });
  });
});
