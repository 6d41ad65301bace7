/** Whether a schema fits is told clearly, and where it does, no right to change it is needed. */
import { type Dialect, Kysely, MysqlDialect, PostgresDialect, sql } from 'kysely';
import { createPool } from 'mysql2';
import { kyselyStorage } from 'org-user-manager/kysely';
import { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { damageTables, extendTables } from './fixtures/damaged-tables.ts';
import { hostDatabases } from './fixtures/host-databases.ts';
import { dropSchema } from './fixtures/schema-pool.ts';
import { describeEach, mariadbUrl, type OnServers, postgresUrl } from './fixtures/servers.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

interface Named {
  readonly name: string;
}

const ledgerIn = (schema: string | undefined) =>
  schema === undefined ? 'oum_migration' : `${schema}.oum_migration`;

async function tablesIn<DB>(db: Kysely<DB>, schema: string | undefined) {
  const list =
    schema === undefined
      ? sql<Named>`select name from sqlite_master where type = 'table'`
      : sql<Named>`select table_name as name from information_schema.tables
          where table_schema = ${schema}`;
  const { rows } = await list.execute(db);
  return rows.map(({ name }) => name).toSorted();
}

const outdated = (found: string) => ({ code: 'schema_outdated', status: 500, details: { found } });

const engines = hostDatabases();

describeEach(engines)('$name', ({ create }) => {
  test('calls before migrate() say what to do, and create nothing', async () => {
    const { db, schema } = await create();
    const storage = kyselyStorage(db, { schema });
    await expect(storage.load({ orgId })).rejects.toMatchObject(outdated('absent'));
    await expect(storage.rateLimits.get(orgId, ['x'])).rejects.toThrow(/run migrate\(\)/);
    const call = storage.transaction(orgId, async () => undefined);
    await expect(call).rejects.toMatchObject(outdated('absent'));
    const inside = db.transaction().execute(async (trx) => {
      await storage.hostTransactions?.using(trx).load({ orgId });
    });
    await expect(inside).rejects.toMatchObject(outdated('absent'));
    expect(await tablesIn(db, schema)).toEqual(['host_project']);
    // Once it is there, the same storage works.
    await storage.migrate();
    expect((await storage.load({ orgId })).organization).toBeUndefined();
  });

  test.each([
    {
      found: 'older',
      change: (ledger: string) => `delete from ${ledger} where name = '002-reservations'`,
    },
    {
      found: 'newer',
      change: (ledger: string) => `insert into ${ledger} values ('999-from-the-future', 1)`,
    },
  ])('a schema that is $found is refused', async ({ found, change }) => {
    const { db, schema } = await create();
    await createTeam(kyselyStorage(db, { schema }));
    await sql.raw(change(ledgerIn(schema))).execute(db);
    const storage = kyselyStorage(db, { schema });
    await expect(storage.load({ orgId })).rejects.toMatchObject(outdated(found));
    if (found === 'newer') await expect(storage.migrate()).rejects.toMatchObject(outdated(found));
    else await storage.migrate();
  });
});

// The number of connections makes no difference to these.
const oneOfEach = engines.filter(({ isolationLevels }) => isolationLevels.length === 0);

describeEach(oneOfEach)('tables on $name', ({ create }) => {
  test('a newer schema whose migrations break nothing is used', async () => {
    const { db, schema } = await create();
    await createTeam(kyselyStorage(db, { schema }));
    await sql.raw(`insert into ${ledgerIn(schema)} values ('003-from-the-future', 0)`).execute(db);
    await db.schema.alterTable('oum_member').addColumn('nickname', 'varchar(100)').execute();
    // As an old process that restarts.
    const storage = kyselyStorage(db, { schema });
    expect((await storage.load({ orgId })).organization?.activeMembers).toBe(1);
    await storage.migrate();
  });

  test('tables without a ledger, as of a partial copy, are taken over', async () => {
    const { db, schema } = await create();
    await createTeam(kyselyStorage(db, { schema }));
    await db.schema.dropTable('oum_migration').execute();
    const storage = kyselyStorage(db, { schema });
    await expect(storage.load({ orgId })).rejects.toMatchObject(outdated('absent'));
    await storage.migrate();
    expect((await storage.load({ orgId })).organization?.activeMembers).toBe(1);
  });

  test('two prefixes are two sets of tables in one schema', async () => {
    const { db, schema } = await create();
    const ours = await createTeam(kyselyStorage(db, { schema, tablePrefix: 'members_' }));
    const others = await createTeam(kyselyStorage(db, { schema }));
    await ours.join('u_1');
    expect(await codeOf(ours.manager.consume({ orgId, userId: 'u_1' }))).toBe('done');
    await ours.manager.deliverMail();
    const list = { orgId, actor: admin };
    expect((await ours.manager.listMembers(list)).items).toHaveLength(2);
    expect((await others.manager.listMembers(list)).items).toHaveLength(1);
  });

  test('names that differ in letter case alone are other tables', async () => {
    const { db, schema } = await create();
    // SQLite compares names without it.
    if (schema === undefined) return;
    await db.schema.createTable('OUM_MAIL').addColumn('number', 'integer').execute();
    await createTeam(kyselyStorage(db, { schema }));
    const lower = await createTeam(kyselyStorage(db, { schema, tablePrefix: 'team_' }));
    const upper = await createTeam(kyselyStorage(db, { schema, tablePrefix: 'Team_' }));
    await upper.join('u_1');
    const list = { orgId, actor: admin };
    expect((await upper.manager.listMembers(list)).items).toHaveLength(2);
    expect((await lower.manager.listMembers(list)).items).toHaveLength(1);
  });

  test('a table of the application with one of our names is named, and nothing is changed', async () => {
    const { db, schema } = await create();
    await db.schema.createTable('oum_mail').addColumn('number', 'integer').execute();
    const storage = kyselyStorage(db, { schema });
    const lacks = expect.arrayContaining([
      'column oum_mail.number integer not null',
      'column oum_mail.state varchar(16) not null',
      'check oum_mail_state (claim_id, state)',
      'unique oum_mail (invitation_id, number)',
      'index oum_mail_by_due (state, next_attempt_at)',
    ]);
    const mismatch = {
      code: 'schema_mismatch',
      message: expect.stringMatching(/: oum_mail$/),
      details: { tables: [{ name: 'oum_mail', lacks }] },
    };
    await expect(storage.migrate()).rejects.toMatchObject(mismatch);
    await expect(storage.load({ orgId })).rejects.toMatchObject(mismatch);
    expect(await tablesIn(db, schema)).toEqual(['host_project', 'oum_mail']);
    // Beside it there is room.
    await createTeam(kyselyStorage(db, { schema, tablePrefix: 'members_' }));
  });

  test('tables that were changed afterwards are named, with what they lack', async () => {
    const { db, schema } = await create();
    await createTeam(kyselyStorage(db, { schema }));
    const tables = await damageTables(db, schema);
    const storage = kyselyStorage(db, { schema });
    const mismatch = { code: 'schema_mismatch', status: 500, details: { tables } };
    await expect(storage.load({ orgId })).rejects.toMatchObject(mismatch);
    await expect(storage.migrate()).rejects.toMatchObject(mismatch);
  });

  test('columns that may be left out, and indexes, may be added to them', async () => {
    const { db, schema } = await create();
    await kyselyStorage(db, { schema }).migrate();
    await extendTables(db, schema);
    const { join } = await createTeam(kyselyStorage(db, { schema }));
    await join('u_1');
  });
});

interface Names {
  readonly role: string;
  readonly schema: string;
}

interface Restricted extends OnServers {
  readonly name: string;
  /** The server, as the role or as its administrator. */
  dialect(role?: string): Dialect;
  /** Creates a role that may read and write in the schema, or in its tables, and no more. */
  grant(role: string, schema: string, tables: readonly string[]): readonly string[];
  revoke(role: string): readonly string[];
}

const as = (url: string, role: string | undefined) => {
  const address = new URL(url);
  if (role !== undefined) Object.assign(address, { username: role, password: role });
  return address.href;
};

const mariadb = {
  needs: ['MariaDB'],
  dialect: (role?: string) => new MysqlDialect({ pool: createPool(as(mariadbUrl, role)) }),
  revoke: (role: string) => [`drop user ${role}`],
} as const;

const servers: readonly Restricted[] = [
  {
    name: 'PostgreSQL',
    needs: ['PostgreSQL'],
    dialect: (role) =>
      new PostgresDialect({ pool: new Pool({ connectionString: as(postgresUrl, role) }) }),
    grant: (role, schema) => [
      `create role ${role} login password '${role}'`,
      `grant usage on schema ${schema} to ${role}`,
      `grant select, insert, update, delete on all tables in schema ${schema} to ${role}`,
    ],
    revoke: (role) => [`drop owned by ${role}`, `drop role ${role}`],
  },
  {
    ...mariadb,
    name: 'MariaDB',
    grant: (role, schema) => [
      `create user ${role} identified by '${role}'`,
      `grant select, insert, update, delete on ${schema}.* to ${role}`,
      `grant select on test.* to ${role}`,
    ],
  },
  {
    ...mariadb,
    name: 'MariaDB, with rights on each table',
    grant: (role, schema, tables) => [
      `create user ${role} identified by '${role}'`,
      ...tables.map(
        (name) => `grant select, insert, update, delete on ${schema}.${name} to ${role}`,
      ),
      `grant select on test.* to ${role}`,
    ],
  },
];

describeEach(servers)('on $name', ({ name, dialect, grant, revoke }) => {
  const open = (role?: string) => {
    const db = new Kysely<object>({ dialect: dialect(role) });
    onTestFinished(() => db.destroy());
    return db;
  };

  async function createSchema(operator: Kysely<object>) {
    const role = `oum_${crypto.randomUUID().slice(0, 18).replaceAll('-', '_')}`;
    const schema = `${role}_s`.slice(-24);
    await sql`create schema ${sql.id(schema)}`.execute(operator);
    onTestFinished(() => dropSchema(operator, schema));
    return { role, schema };
  }

  async function createRole(operator: Kysely<object>, { role, schema }: Names): Promise<void> {
    const tables = await tablesIn(operator, schema);
    for (const statement of grant(role, schema, tables)) await sql.raw(statement).execute(operator);
    onTestFinished(async () => {
      for (const statement of revoke(role)) await sql.raw(statement).execute(operator);
    });
  }

  test('an application without the right to change the schema runs once an operator has migrated', async () => {
    const operator = open();
    const names = await createSchema(operator);
    const { role, schema } = names;
    await kyselyStorage(operator, { schema }).migrate();
    await createRole(operator, names);

    const application = open(role);
    await expect(
      sql`create table ${sql.table(`${schema}.x`)} (id integer)`.execute(application),
    ).rejects.toThrow(/denied/);
    // Migrates, too, and finds nothing to do.
    const { manager, join } = await createTeam(kyselyStorage(application, { schema }));
    await join('u_1');
    expect(await codeOf(manager.disable({ orgId, actor: admin, userId: 'u_1' }))).toBe('done');
    expect(
      await manager.consume({ orgId, userId: admin.userId, activity: 'search' }),
    ).toMatchObject({ allowed: true });
    await manager.deliverMail();
  });

  test('an application without the right to change the schema is told of a CHECK that is gone', async () => {
    const operator = open();
    const names = await createSchema(operator);
    const { role, schema } = names;
    await kyselyStorage(operator, { schema }).migrate();
    const condition = 'constraint oum_usage_within_cap check (used <= cap)';
    for (const change of [
      'drop constraint oum_usage_within_cap',
      `add column note varchar(100) default '${condition}'`,
      `add constraint host_note check (note <> 'it''s')`,
    ]) {
      await sql`alter table ${sql.table(`${schema}.oum_usage`)} ${sql.raw(change)}`.execute(
        operator,
      );
    }
    await createRole(operator, names);
    const storage = kyselyStorage(open(role), { schema });
    const tables = [{ name: 'oum_usage', lacks: ['check oum_usage_within_cap (cap, used)'] }];
    const mismatch = { code: 'schema_mismatch', details: { tables } };
    await expect(storage.load({ orgId })).rejects.toMatchObject(mismatch);
  });

  test('migrate() without the right to change the schema, or to create it, says so', async () => {
    const operator = open();
    const names = await createSchema(operator);
    const { role, schema } = names;
    await createRole(operator, names);
    const application = open(role);
    const denied = {
      code: 'migration_denied',
      status: 500,
      cause: { message: expect.stringMatching(/denied/) },
    };
    for (const place of [schema, `${schema.slice(0, -2)}_x`]) {
      const storage = kyselyStorage(application, { schema: place });
      await expect(storage.migrate()).rejects.toMatchObject(denied);
      await expect(storage.load({ orgId })).rejects.toMatchObject(outdated('absent'));
    }
  });

  if (name !== 'PostgreSQL') return;

  test('row level security is refused where it hides rows from the application', async () => {
    const operator = open();
    const names = await createSchema(operator);
    const { role, schema } = names;
    await createTeam(kyselyStorage(operator, { schema }));
    await createRole(operator, names);
    await sql`alter table ${sql.table(`${schema}.oum_member`)} enable row level security`.execute(
      operator,
    );
    // Nothing is hidden from the owner.
    const owners = kyselyStorage(operator, { schema });
    await owners.migrate();
    expect((await owners.load({ orgId })).organization?.activeMembers).toBe(1);
    const storage = kyselyStorage(open(role), { schema });
    const lacks = ['row level security oum_member off'];
    const mismatch = {
      code: 'schema_mismatch',
      details: { tables: [{ name: 'oum_member', lacks }] },
    };
    await expect(storage.load({ orgId })).rejects.toMatchObject(mismatch);
    await expect(storage.migrate()).rejects.toMatchObject(mismatch);
  });
});
