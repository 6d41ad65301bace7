/** Behind PgBouncer in transaction mode, where each transaction may get another connection of the server. */
import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Storage } from 'org-user-manager';
import { kyselyStorage } from 'org-user-manager/kysely';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { type OwnPgbouncer, startPgbouncer } from './fixtures/own-pgbouncer.ts';
import { type SharedDatabase, sharedEngines } from './fixtures/places.ts';
import { needing, postgresUrl } from './fixtures/servers.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

// OUM_THOROUGH=1 is for the night.
const repetitions = process.env.OUM_THOROUGH ? 20 : 3;

describe('behind PgBouncer', needing('PostgreSQL', 'pgbouncer'), () => {
  let pgbouncer: OwnPgbouncer;
  let database: SharedDatabase;
  let direct: Kysely<object>;
  const opened: Kysely<object>[] = [];

  function connect(url: string): Kysely<object> {
    const pool = new Pool({ connectionString: url, max: 4 });
    // PgBouncer ends before them.
    pool.on('connect', (client) => client.on('error', () => undefined));
    pool.on('error', () => undefined);
    const db = new Kysely<object>({ dialect: new PostgresDialect({ pool }) });
    opened.push(db);
    return db;
  }

  function urlOf({ place }: SharedDatabase): string {
    return place.engine === 'SQLite' ? postgresUrl : place.url;
  }

  beforeAll(async () => {
    const postgres = sharedEngines().find(({ name }) => name === 'PostgreSQL');
    if (!postgres) throw new Error('there is no PostgreSQL');
    database = await postgres.create();
    pgbouncer = await startPgbouncer();
    direct = connect(urlOf(database));
  });

  afterAll(async () => {
    // Calls that hang on it would let nothing else end.
    await pgbouncer.stop();
    await Promise.all(opened.map((db) => db.destroy()));
    await database.drop();
  });

  const openThrough = (schema: string): Storage =>
    kyselyStorage(connect(pgbouncer.through(urlOf(database))), { schema });

  /** Charges without a pause until it is stopped; then answers how often. */
  async function startTraffic(): Promise<() => Promise<number>> {
    const { manager } = await createTeam(openThrough('traffic'));
    let charges = 0;
    let isOver = false;
    async function charge(): Promise<number> {
      while (!isOver) {
        const { allowed } = await manager.consume({ orgId, userId: admin.userId });
        charges += Number(allowed);
      }
      return charges;
    }
    const charging = charge();
    return () => {
      isOver = true;
      return charging;
    };
  }

  async function advisoryLocks(): Promise<number> {
    const { rows } = await sql`select 1 from pg_locks
      join pg_database on pg_database.oid = pg_locks.database
      where locktype = 'advisory' and datname = current_database()`.execute(direct);
    return rows.length;
  }

  test('six processes migrate at once beside traffic, and leave no lock', async () => {
    const stopTraffic = await startTraffic();
    onTestFinished(async () => void (await stopTraffic()));
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const storages = Array.from({ length: 6 }, () => openThrough(`app_${repetition}`));
      const outcomes = await Promise.all(storages.map((storage) => codeOf(storage.migrate())));
      expect([repetition, outcomes]).toEqual([repetition, Array(6).fill('done')]);
      expect([repetition, await advisoryLocks()]).toEqual([repetition, 0]);
      const { organization } = await openThrough(`app_${repetition}`).load({ orgId });
      expect(organization).toBeUndefined();
    }
    expect(await stopTraffic()).toBeGreaterThan(repetitions);
    expect(await advisoryLocks()).toBe(0);
  });

  test('the calls of a manager work', async () => {
    const db = connect(pgbouncer.through(urlOf(database)));
    const { manager, join } = await createTeam(kyselyStorage(db, { schema: 'calls' }));
    const call = { orgId, actor: admin };
    await join('u_1');
    const addresses = ['a@acme.example.com', 'b@acme.example.com'];
    const outcomes = await manager.inviteMany({ ...call, addresses });
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['invited', 'invited']);
    await manager.setLimit({ ...call, userId: 'u_1', daily: 20 });
    const charges = Array.from({ length: 30 }, () => manager.consume({ orgId, userId: 'u_1' }));
    const allowed = (await Promise.all(charges)).filter((decision) => decision.allowed);
    expect(allowed).toHaveLength(20);
    const reserved = await manager.reserve({ orgId, userId: admin.userId, estimate: 5 });
    if (!reserved.allowed) throw new Error(reserved.reason);
    await reserved.reservation.commit(3);
    await db.transaction().execute(async (trx) => {
      await manager.using(trx).invite({ ...call, email: account('u_2').email });
      await manager.using(trx).consume({ orgId, userId: admin.userId });
    });
    await manager.disable({ ...call, userId: 'u_1' });
    await manager.deliverMail();
    expect((await manager.listMembers(call)).items).toHaveLength(1);
    expect((await manager.listInvitations(call)).items.length).toBeGreaterThanOrEqual(3);
    expect(await advisoryLocks()).toBe(0);
  });
});
