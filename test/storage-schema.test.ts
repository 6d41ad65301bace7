import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Storage } from 'org-user-manager';
import { kyselyStorage } from 'org-user-manager/kysely';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { describe, expect, test } from 'vitest';
import { hostDatabases } from './fixtures/host-databases.ts';
import { createManager } from './fixtures/manager.ts';
import { describeEach } from './fixtures/servers.ts';
import { dump, openRaw, sqliteFile } from './fixtures/sqlite-file.ts';
import { storages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

/** An organization with a disabled member, a pending and a declined invitation, and some usage. */
async function createStage() {
  const filename = sqliteFile();
  const team = await createTeam(sqliteStorage({ filename }));
  const { manager } = team;
  await team.join('u_1');
  await team.join('u_2');
  await manager.disable({ orgId, actor: admin, userId: 'u_2' });
  await manager.invite({ orgId, actor: admin, email: 'p@acme.example.com' });
  await manager.setLimit({ orgId, actor: admin, userId: 'u_1', daily: 5 });
  await manager.consume({ orgId, userId: 'u_1', cost: 3 });
  await manager.deliverMail();
  const database = openRaw(filename);
  database.exec('pragma foreign_keys = on');
  return { ...team, filename, database };
}

/** An insert that repeats a row of the table, but for the columns given. */
const again = (table: string, where: string, columns: Readonly<Record<string, string>>) =>
  `create temp table twin as select * from ${table} where ${where} limit 1;
   update twin set ${Object.entries(columns)
     .map(([name, value]) => `${name} = ${value}`)
     .join(', ')};
   insert into ${table} select * from twin`;

const pending = `status = 'pending'`;
const newInvitation = { id: `'new'` };

describe('the database itself refuses', () => {
  test.each([
    ['a second row for one member', again('oum_member', `user_id = 'u_1'`, { role: `'admin'` })],
    ['a member of no organization', again('oum_member', '1', { org_id: `'gone'` })],
    ['a role it does not know', `update oum_member set role = 'owner'`],
    ['a status it does not know', `update oum_member set status = 'gone'`],
    ['a disabled member without a date', `update oum_member set status = 'disabled'`],
    ['an active member with such a date', 'update oum_member set disabled_at = 1'],
    ['a negative daily limit', 'update oum_member set daily_limit = -1'],
    ['a negative monthly limit', 'update oum_member set monthly_limit = -1'],
    ['a member without an address', 'update oum_member set address = null'],
    ['a second organization of one id', again('oum_organization', '1', { name: `'x'` })],
    ['an organization without an admin', 'update oum_organization set active_admins = 0'],
    ['more admins than members', 'update oum_organization set active_admins = 3'],
    ['more members than seats', 'update oum_organization set member_limit = 1'],
    ['a word for a limit', `update oum_member set daily_limit = 'none'`],
    ['a word for a cap', `update oum_usage set cap = 'none'`],
    ['a word for a number of admins', `update oum_organization set active_admins = 'many'`],
    ['a negative allocation', 'update oum_organization set daily_allocation = -1'],
    ['a negative monthly allocation', 'update oum_organization set monthly_allocation = -1'],
    ['a second pending invitation of an address', again('oum_invitation', pending, newInvitation)],
    [
      'a pending invitation that hides its address',
      `update oum_invitation set pending_address = null where ${pending}`,
    ],
    [
      'an ended invitation that holds on to its address',
      `update oum_invitation set pending_address = address where status = 'accepted'`,
    ],
    ['an ended invitation without a date', 'update oum_invitation set ended_at = null'],
    ['an invitation in an unknown state', `update oum_invitation set status = 'expired'`],
    ['an invitation to an unknown role', `update oum_invitation set role = 'owner'`],
    [
      'two invitations of one id',
      'update oum_invitation set id = (select min(id) from oum_invitation)',
    ],
    ['a mail in an unknown state', `update oum_mail set state = 'lost'`],
    ['a second mail of one number', again('oum_mail', '1', { state: `'queued'` })],
    ['more usage than a limit', 'update oum_usage set used = 6'],
    ['a limit below the usage', 'update oum_usage set cap = 2'],
    ['a second counter of one name', again('oum_usage', '1', { used: '0' })],
    ['deleting an organization with members', 'delete from oum_organization'],
  ])('%s', async (_, statement) => {
    const { database } = await createStage();
    const before = dump(database);
    expect(() => database.exec(statement)).toThrow(/constraint failed/i);
    expect(dump(database)).toEqual(before);
  });

  test('and takes what is like that but right', async () => {
    const { database } = await createStage();
    for (const statement of [
      again('oum_member', `user_id = 'u_1'`, { user_id: `'u_9'` }),
      `update oum_member set status = 'disabled', disabled_at = 1 where user_id = 'u_9'`,
      'update oum_member set daily_limit = 0, monthly_limit = null',
      'update oum_organization set member_limit = 2, active_admins = 2',
    ]) {
      expect(() => database.exec(statement)).not.toThrow();
    }
  });
});

const afterAllDates = 8_640_000_000_000_001;
const unsafe = 9_007_199_254_740_992;

type Values = Readonly<Record<string, Readonly<Record<string, readonly (string | number)[]>>>>;

function listed(tables: Values) {
  return Object.entries(tables).flatMap(([table, columns]) =>
    Object.entries(columns).flatMap(([column, values]) =>
      values.map((value) => ({ table, column, value })),
    ),
  );
}

/** Values outside what their column means, by table and column; every engine could hold them. */
const meaningless = listed({
  oum_organization: {
    daily_allocation: [-1, unsafe],
    monthly_allocation: [-1, unsafe],
    member_limit: [-1, 0, unsafe],
    active_admins: [-1, 0, 99],
    active_members: [-1, 0],
    pending_upper_bound: [-1, unsafe],
    revision: [-1, unsafe],
    created_at: [-1, afterAllDates],
  },
  oum_member: {
    role: ['owner', ''],
    status: ['gone', ''],
    daily_limit: [-1, unsafe],
    monthly_limit: [-1, unsafe],
    joined_at: [-1, afterAllDates],
    disabled_at: [1],
  },
  oum_invitation: {
    role: ['owner', ''],
    status: ['expired', 'accepted', ''],
    daily_limit: [-1, unsafe],
    monthly_limit: [-1, unsafe],
    generation: [-1, 0],
    send_count: [-1, 0],
    created_at: [-1, afterAllDates],
    expires_at: [-1, afterAllDates],
    last_send_at: [-1, afterAllDates],
    ended_at: [1],
    ended_by: ['u_1'],
  },
  oum_mail: {
    number: [-1, 0],
    state: ['lost', ''],
    attempts: [-1],
    next_attempt_at: [-1, afterAllDates],
    created_at: [-1, afterAllDates],
    // A mail that was sent is not about to be sent.
    claim_id: ['00000000-0000-4000-8000-000000000000'],
  },
  oum_audit_entry: { at: [-1, afterAllDates] },
  oum_answer: { expires_at: [-1, afterAllDates] },
  oum_usage: {
    used: [-1000, -1, unsafe],
    cap: [-1, unsafe],
    expires_at: [-1, afterAllDates],
  },
  oum_reservation: {
    estimate: [-50, 0, unsafe],
    day: ['today', '', '2027-01'],
    day_ends_at: [-1, afterAllDates],
    month: ['this one', '', '2027-01-15'],
    month_ends_at: [-1, afterAllDates],
    expires_at: [-1, afterAllDates],
  },
});

/** Why the database refuses a statement; undefined when it does not. */
async function refusalOf<DB>(db: Kysely<DB>, statement: RawBuilder<unknown>) {
  try {
    await statement.execute(db);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** What each table holds that calls have written, none of them empty. */
async function createRows(storage: Storage) {
  const { manager, join } = await createTeam(storage);
  await join('u_1');
  const call = { orgId, actor: admin };
  const addresses = ['p@acme.example.com'];
  await manager.inviteMany({ ...call, addresses, idempotencyKey: 'key-of-this-call-1' });
  await manager.deliverMail();
  await manager.setLimit({ ...call, userId: 'u_1', daily: 5 });
  await manager.reserve({ orgId, userId: 'u_1', estimate: 3 });
}

describeEach(hostDatabases())('on $name', ({ create }) => {
  test('plain SQL stores no value outside the meaning of its column', async () => {
    const { db, schema } = await create();
    await createRows(kyselyStorage(db, { schema }));
    for (const { table, column, value } of meaningless) {
      const name = schema === undefined ? sql.id(table) : sql.id(schema, table);
      const { rows } = await sql`select 1 from ${name}`.execute(db);
      expect(rows.length, `${table} is empty`).toBeGreaterThan(0);
      const change = sql`update ${name} set ${sql.id(column)} = ${sql.lit(value)}`;
      const refusal = expect.stringMatching(/check constraint|CONSTRAINT `\w+` failed/i);
      expect([table, column, value, await refusalOf(db, change)]).toEqual([
        table,
        column,
        value,
        refusal,
      ]);
    }
  });

  test('migrate() rejects when its last table fails', async () => {
    const { db, schema, refuse } = await create();
    refuse(/create table .*oum_usage/);
    const storage = kyselyStorage(db, { schema });
    await expect(storage.migrate()).rejects.toThrow('refused by the test');
    await expect(storage.load({ orgId })).rejects.toMatchObject({ code: 'schema_outdated' });
  });
});

test('migrating again changes nothing', async () => {
  const { manager, filename, database } = await createStage();
  const before = dump(database);
  await manager.migrate();
  for (const driver of ['better-sqlite3', 'node:sqlite'] as const) {
    await createManager(sqliteStorage({ filename, driver }));
  }
  expect(dump(database)).toEqual(before);
});

test('the file keeps a write-ahead log', async () => {
  const { database } = await createStage();
  expect(database.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
});

test('a call before migrate fails and creates nothing', async () => {
  const filename = sqliteFile();
  const storage = sqliteStorage({ filename });
  await expect(storage.load({ orgId })).rejects.toThrow();
  expect(dump(openRaw(filename))).toEqual({});
  await storage.close();
});

test('a refused charge leaves no row', async () => {
  const { manager, database } = await createStage();
  await manager.setLimit({ orgId, actor: admin, userId: admin.userId, monthly: 1 });
  const { oum_usage: before } = dump(database);
  const call = { orgId, userId: admin.userId, cost: 2 };
  expect(await manager.consume(call)).toMatchObject({ allowed: false });
  const { oum_usage: after } = dump(database);
  expect(after).toEqual(before);
});

test.each(storages)('search finds a text as it was written, on $name', async ({ create }) => {
  const { manager, join } = await createTeam(create());
  await join('u_1', 'member', {
    userId: 'u_1',
    email: 'u_1@acme.example.com',
    emailVerified: true,
    name: 'Élodie Ünal_1 (100%)',
  });
  const find = async (search: string) =>
    (await manager.listMembers({ orgId, actor: admin, search })).total.count;
  for (const search of ['Élodie', 'Ünal', 'LODIE', 'l_1', '100%', 'U_1@ACME', '%)']) {
    expect([search, await find(search)]).toEqual([search, 1]);
  }
  for (const search of ['Élodi_', '1%0', 'lodie Ü\\']) {
    expect([search, await find(search)]).toEqual([search, 0]);
  }
});
