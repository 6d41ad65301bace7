/** Whether a schema fits is told clearly, and where it does, no right to change it is needed. */
import { type Dialect, Kysely, MysqlDialect, PostgresDialect, sql } from 'kysely';
import { createPool } from 'mysql2';
import { kyselyStorage } from 'org-user-manager/kysely';
import { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { hostDatabases } from './fixtures/host-databases.ts';
import { dropSchema } from './fixtures/schema-pool.ts';
import { describeEach, mariadbUrl, type OnServers, postgresUrl } from './fixtures/servers.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

interface Named {
  readonly name: string;
}

const outdated = (found: string) => ({ code: 'schema_outdated', status: 500, details: { found } });

describeEach(hostDatabases())('$name', ({ create }) => {
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
    const list =
      schema === undefined
        ? sql<Named>`select name from sqlite_master`
        : sql<Named>`select table_name as name from information_schema.tables
            where table_schema = ${schema}`;
    expect((await list.execute(db)).rows).toEqual([{ name: 'host_project' }]);
    // Once it is there, the same storage works.
    await storage.migrate();
    expect((await storage.load({ orgId })).organization).toBeUndefined();
  });

  test.each(['older', 'newer'] as const)('a schema that is %s is refused', async (found) => {
    const { db, schema } = await create();
    await createTeam(kyselyStorage(db, { schema }));
    const table = sql.table(schema === undefined ? 'oum_migration' : `${schema}.oum_migration`);
    const change =
      found === 'older'
        ? sql`delete from ${table}`
        : sql`insert into ${table} (name, breaking) values ('999-from-the-future', 1)`;
    await change.execute(db);
    const storage = kyselyStorage(db, { schema });
    await expect(storage.load({ orgId })).rejects.toMatchObject(outdated(found));
    if (found === 'newer') await expect(storage.migrate()).rejects.toMatchObject(outdated(found));
    else await storage.migrate();
  });
});

interface Restricted extends OnServers {
  readonly name: string;
  /** The server, as the role or as its administrator. */
  dialect(role?: string): Dialect;
  /** Creates a role that may read and write in the schema, and no more. */
  grant(role: string, schema: string): readonly string[];
  revoke(role: string): readonly string[];
}

const as = (url: string, role: string | undefined) => {
  const address = new URL(url);
  if (role !== undefined) Object.assign(address, { username: role, password: role });
  return address.href;
};

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
    name: 'MariaDB',
    needs: ['MariaDB'],
    dialect: (role) => new MysqlDialect({ pool: createPool(as(mariadbUrl, role)) }),
    grant: (role, schema) => [
      `create user ${role} identified by '${role}'`,
      `grant select, insert, update, delete on ${schema}.* to ${role}`,
      `grant select on test.* to ${role}`,
    ],
    revoke: (role) => [`drop user ${role}`],
  },
];

describeEach(servers)('on $name', ({ dialect, grant, revoke }) => {
  test('an application without the right to change the schema runs once an operator has migrated', async () => {
    const operator = new Kysely<object>({ dialect: dialect() });
    onTestFinished(() => operator.destroy());
    const role = `oum_${crypto.randomUUID().slice(0, 18).replaceAll('-', '_')}`;
    const schema = `${role}_s`.slice(-24);
    await sql`create schema ${sql.id(schema)}`.execute(operator);
    onTestFinished(() => dropSchema(operator, schema));
    await kyselyStorage(operator, { schema }).migrate();
    for (const statement of grant(role, schema)) await sql.raw(statement).execute(operator);
    onTestFinished(async () => {
      for (const statement of revoke(role)) await sql.raw(statement).execute(operator);
    });

    const application = new Kysely<object>({ dialect: dialect(role) });
    onTestFinished(() => application.destroy());
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
});
