/** Counters in SQL without a connection: which failures are certain, and which are not. */
import Database from 'better-sqlite3';
import { type Dialect, type Driver, Kysely, SqliteDialect } from 'kysely';
import type { RateLimitStore, UsageWindow } from 'org-user-manager';
import { kyselyStorage } from 'org-user-manager/kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serverDialect } from '../fixtures/place.ts';
import { sharedEngines } from '../fixtures/places.ts';
import { describeEach } from '../fixtures/servers.ts';

const partition = 'acme';
const undone = { code: 'unavailable', details: { done: false } };

const window = (key: string, cost: number, limit: number | null = null): UsageWindow => ({
  key,
  cost,
  limit,
  keepMs: 3_600_000,
});

const connectFailure = Object.assign(new Error('connect ECONNREFUSED'), { syscall: 'connect' });

const charge = async (store: RateLimitStore, ...windows: readonly UsageWindow[]) =>
  store.consume({ partition, windows });

/** A driver that gets no connection while there is an error, which may say anything. */
function withErrors(dialect: Dialect, state: { error: unknown }): Dialect {
  return {
    createAdapter() {
      const adapter = dialect.createAdapter();
      // Where there is only one connection, Kysely gives it to nobody any more after such an error.
      return Object.create(adapter, { supportsMultipleConnections: { value: true } });
    },
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createDriver() {
      const driver = dialect.createDriver();
      const acquireConnection: Driver['acquireConnection'] = () =>
        state.error === undefined ? driver.acquireConnection() : Promise.reject(state.error);
      return new Proxy(driver, {
        get: (target, name) =>
          name === 'acquireConnection' ? acquireConnection : Reflect.get(target, name).bind(target),
      });
    },
  };
}

const refusals: Readonly<Record<string, readonly object[]>> = {
  PostgreSQL: [{ code: '57P03' }, { code: '53300' }],
  MariaDB: [{ errno: 1040 }, { errno: 1203 }],
};

const servers = sharedEngines().filter(({ name }) => Object.hasOwn(refusals, name));

describeEach(servers)('$name', ({ name, create }) => {
  test('without a connection nothing is charged, whatever the error says', async () => {
    const { place, drop } = await create();
    onTestFinished(drop);
    if (!('url' in place)) throw new Error('a file has no connections');
    const state: { error: unknown } = { error: undefined };
    const db = new Kysely<object>({ dialect: withErrors(serverDialect(place), state) });
    onTestFinished(() => db.destroy());
    const { rateLimits: store, migrate } = kyselyStorage(db, { schema: place.schema });
    await migrate();
    const connect = { code: 'ECONNREFUSED', syscall: 'connect' };
    const errors = [connect, { code: 'ECONNRESET' }, {}, ...(refusals[name] ?? [])];
    for (const error of errors) {
      state.error = Object.assign(new Error('refused'), error);
      // Before anybody has found out that the schema fits, and afterwards.
      await expect(charge(store, window('a', 1))).rejects.toMatchObject(undone);
      state.error = undefined;
      await charge(store, window('a', 1));
    }
    expect(await store.get(partition, ['a'])).toEqual([errors.length]);
  });
});

describe('of charges that share statements', () => {
  /** Counters in a database that can be changed after a statement, and go away. */
  async function open() {
    const database = new Database(':memory:');
    onTestFinished(() => void database.close());
    const state: { error: unknown; after(sql: string): unknown } = {
      error: undefined,
      after: () => undefined,
    };
    const db = new Kysely<object>({
      dialect: withErrors(new SqliteDialect({ database }), state),
      log: ({ query }) => void state.after(query.sql),
    });
    const { rateLimits: store, migrate } = kyselyStorage(db);
    await migrate();
    await charge(store, window('full', 5), window('shared', 2));
    return { store, state, database };
  }

  test('none was made when there is no connection', async () => {
    const { store, state } = await open();
    state.error = connectFailure;
    const answers = await Promise.allSettled([1, 2, 3].map(() => charge(store, window('a', 1))));
    const refused = { status: 'rejected', reason: undone };
    expect(answers).toMatchObject([refused, refused, refused]);
  });

  test('each is told for itself whether it was made', async () => {
    const { store, state, database } = await open();
    const seen: string[] = [];
    state.after = (sql) => {
      seen.push(String(sql.split(' ')[0]));
      // All together are too much: the counters are read, and what fits is charged. Others have given back
      // by then, so that what did not fit is worth another look.
      if (seen.join() === 'insert,insert,select') {
        database.exec("update oum_usage set used = 0, cap = null where counter = 'shared'");
      }
      if (seen.join() === 'insert,insert,select,insert') state.error = connectFailure;
    };
    const [first, small, large] = await Promise.allSettled([
      charge(store, window('a', 1)),
      charge(store, window('shared', 1, 10)),
      charge(store, window('shared', 9, 10)),
    ]);
    expect([first, small]).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
    expect(large).toMatchObject({ status: 'rejected', reason: undone });
    state.error = undefined;
    expect(await store.get(partition, ['shared'])).toEqual([1]);
  });

  test('a look before the charge that fails, however it does, has charged nothing', async () => {
    const { store, state } = await open();
    const again = () => charge(store, window('full', 1, 5));
    expect(await again()).toMatchObject({ allowed: false });
    state.after = () => {
      throw new Error('lost');
    };
    await expect(again()).rejects.toMatchObject(undone);
    await expect(charge(store, window('a', 1))).rejects.toThrow('lost');
  });

  test('nothing is certain once it was sent, also when a `log` function cannot connect', async () => {
    const { store, state } = await open();
    state.after = () => {
      throw connectFailure;
    };
    const calls = [1, 2, 3].map(() => charge(store, window('a', 1)));
    for (const call of calls) await expect(call).rejects.toBe(connectFailure);
    state.after = () => undefined;
    expect(await store.get(partition, ['a'])).toEqual([3]);
  });
});
