/** What connections of PostgreSQL prepare, and what becomes of it when the tables change. */
import { Kysely, PostgresDialect, sql } from 'kysely';
import { kyselyStorage, withPreparedStatements } from 'org-user-manager/kysely';
import { Pool, type PoolClient } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { sharedEngines } from './fixtures/places.ts';
import { describeEach } from './fixtures/servers.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

const engines = sharedEngines();
const call = { orgId, userId: admin.userId };

describeEach(engines.filter(({ name }) => name === 'PostgreSQL'))('on $name', ({ create }) => {
  /** A database, and two ways into it that share its only connection; one prepares statements. */
  async function open(onConnect: (client: PoolClient) => void = () => undefined) {
    const { place, drop } = await create();
    if (place.engine !== 'PostgreSQL') throw new Error('another engine');
    const pool = new Pool({ connectionString: place.url, max: 1 });
    pool.on('error', () => undefined);
    pool.on('connect', onConnect);
    onTestFinished(async () => {
      await pool.end();
      await drop();
    });
    const prepared = new Kysely<object>({
      dialect: new PostgresDialect({ pool: withPreparedStatements(pool) }),
    });
    const plain = new Kysely<object>({ dialect: new PostgresDialect({ pool }) });
    const statements = async () => {
      const { rows } = await sql<{ statement: string }>`
        select statement from pg_prepared_statements`.execute(plain);
      return rows.map(({ statement }) => statement);
    };
    return { prepared, plain, statements };
  }

  test('what is asked again is prepared once: a check of usage and all of its statements', async () => {
    const { prepared, statements } = await open();
    const { manager } = await createTeam(kyselyStorage(prepared));
    for (let times = 0; times < 5; times += 1) await manager.consume(call);
    const before = await statements();
    expect(before).toContainEqual(expect.stringMatching(/insert into "oum_usage"/));
    expect(before).toContainEqual(expect.stringMatching(/join "oum_member"/));
    for (let times = 0; times < 5; times += 1) await manager.consume(call);
    expect(await statements()).toEqual(before);
  });

  test('a column that somebody adds meanwhile fails no call', async () => {
    const { prepared, plain } = await open();
    const { manager, errors } = await createTeam(kyselyStorage(prepared));
    const asMember = { orgId, actor: admin, userId: admin.userId };
    const use = async () => {
      // Inside a transaction first, which cannot go on after a statement that fails.
      await manager.setLimit({ ...asMember, daily: 100 });
      await manager.consume(call);
      await manager.member(asMember);
      await manager.listMembers({ orgId, actor: admin });
      return manager.usage(asMember);
    };
    for (let times = 0; times < 3; times += 1) await use();
    for (const table of ['oum_organization', 'oum_member', 'oum_usage']) {
      await sql`alter table ${sql.table(table)} add column added text`.execute(plain);
    }
    const { windows } = await use();
    expect(windows[0]).toMatchObject({ used: 4, limit: 100 });
    expect(errors).toEqual([]);
  });

  test('what a connection has forgotten fails no call, and no refusal', async () => {
    const { prepared, plain } = await open();
    const { manager, errors } = await createTeam(kyselyStorage(prepared));
    const use = async (cost: number) => {
      await manager.setAllocation({ orgId, actor: admin, daily: 7, monthly: null });
      return manager.consume({ ...call, cost });
    };
    for (let times = 0; times < 5; times += 1) expect((await use(1)).allowed).toBe(true);
    await sql`deallocate all`.execute(plain);
    expect(await use(5)).toMatchObject({ allowed: false, reason: 'limit_exceeded' });
    await sql`deallocate all`.execute(plain);
    expect(await use(2)).toMatchObject({ allowed: true });
    expect(errors).toEqual([]);
  });

  test('a charge that is made when it is asked again is not made twice, though its answer is lost', async () => {
    const state = { lost: 0, isCut: false };
    const lost = Object.assign(new Error('Connection terminated'), { code: 'ECONNRESET' });
    const { prepared, plain } = await open((client) => {
      const query: (...args: unknown[]) => unknown = client.query.bind(client);
      // Every answer to a charge that comes at all is lost.
      const cut = async (...args: unknown[]) => {
        const answer = await query(...args);
        if (!state.isCut || !JSON.stringify(args[0]).includes('insert into')) return answer;
        state.lost += 1;
        throw lost;
      };
      Object.assign(client, { query: cut });
    });
    const { rateLimits: store, migrate } = kyselyStorage(prepared);
    await migrate();
    const windows = [{ key: 'a', cost: 1, limit: null, keepMs: 3_600_000 }];
    const charge = async () => store.consume({ partition: orgId, windows });
    for (let times = 0; times < 3; times += 1) await charge();
    await sql`alter table oum_usage alter column counter type varchar(401) collate "C"`.execute(
      plain,
    );
    state.isCut = true;
    await expect(charge()).rejects.toBe(lost);
    expect(state.lost).toBe(1);
    expect(await store.get(orgId, ['a'])).toEqual([4]);
  });

  test('the texts of a host that makes up new ones all the time do not pile up', async () => {
    const { prepared, statements } = await open();
    const ask = (text: string) => sql`select ${sql.lit(text)} as text, ${1}::int`.execute(prepared);
    for (let n = 0; n < 300; n += 1) await ask(`once ${n}`);
    expect(await statements()).toEqual([]);
    for (let n = 0; n < 300; n += 1) for (const _ of [1, 2, 3]) await ask(`again ${n}`);
    expect((await statements()).length).toBe(200);
  });
});
