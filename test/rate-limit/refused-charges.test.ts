/** Charges that certainly were not made, because the store refused them: they are counted afterwards. */
import type { EventMap, OrgUserManagerOptions, RateLimitStore } from 'org-user-manager';
import { isOrgUserManagerError, OrgUserManagerError } from 'org-user-manager';
import { leasedRateLimitStore } from 'org-user-manager/leased';
import { memoryStorage } from 'org-user-manager/memory';
import { redisRateLimitStore } from 'org-user-manager/redis';
import { createClient, createClientPool } from 'redis';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../fixtures/free-port.ts';
import { openStorage } from '../fixtures/place.ts';
import { sharedEngines } from '../fixtures/places.ts';
import { openServerLine, type ServerLine } from '../fixtures/server-line.ts';
import { describeEach, needing, type OnServers } from '../fixtures/servers.ts';
import { admin, createTeam, orgId } from '../fixtures/team.ts';
import { type OpenRedis, singleClients } from '../redis/clients.ts';
import { startRedis } from '../redis/own-redis.ts';

type Policy = OrgUserManagerOptions['onStoreError'];

const { userId } = admin;
const dayKey = (date: Date) => `u/${date.toISOString().slice(0, 10)}//${userId}`;
const windows = [{ key: 'probe', cost: 1, limit: null, keepMs: 60_000 }];
const partition = 'acme';

/** What a call has rejected with. */
const failureOf = async (call: unknown) => {
  try {
    return expect.fail(`answered ${JSON.stringify(await call)}`);
  } catch (error) {
    return error;
  }
};

const undone = { code: 'unavailable', details: { done: false } };

/** A store that refuses its next charges, or loses their answers. */
function fallibleStore() {
  const { rateLimits } = memoryStorage({ now: () => 0 });
  const state = { refused: 0, lost: 0 };
  const store: RateLimitStore = {
    async consume(request) {
      if (state.refused > 0) {
        state.refused -= 1;
        throw new OrgUserManagerError('unavailable', { done: false });
      }
      if (state.lost === 0) return rateLimits.consume(request);
      state.lost -= 1;
      throw new Error('connection reset');
    },
    get: (of, keys) => rateLimits.get(of, keys),
  };
  return { store, state };
}

async function open(onStoreError: Policy) {
  const { store, state } = fallibleStore();
  const team = await createTeam(memoryStorage({ now: () => 0 }), {
    rateLimitStore: store,
    onStoreError,
  });
  const { manager, clock } = team;
  const consume = (cost = 1) => manager.consume({ orgId, userId, cost });
  const used = async () => (await store.get(orgId, [dayKey(new Date(clock.now()))]))[0];
  const recovered: EventMap['usage.store_recovered'][] = [];
  manager.on('usage.store_recovered', (event) => void recovered.push(event));
  /** The next answer of the store. */
  const answer = async () => {
    clock.advance(1000);
    await manager.usage({ orgId, actor: admin });
  };
  return { ...team, state, consume, used, recovered, answer };
}

test.each([1, 3, 5])('boundedOpen of %d: every unit is counted afterwards', async (bound) => {
  const { state, consume, used, answer } = await open({ boundedOpen: bound });
  state.refused = 100;
  for (let call = 0; call < bound; call += 1) {
    expect(await consume()).toMatchObject({ allowed: true, uncounted: true });
  }
  expect(await failureOf(consume())).toMatchObject({ code: 'usage_unavailable' });
  state.refused = 0;
  expect(await used()).toBe(0);
  await answer();
  await expect.poll(used).toBe(bound);
  // The bound is for all outages of the window.
  state.refused = 100;
  expect(await failureOf(consume())).toMatchObject({ code: 'usage_unavailable' });
});

test('a refusal is counted afterwards, a lost answer is not, and each is told apart', async () => {
  const { state, consume, used, answer, recovered } = await open('open');
  state.refused = 2;
  await consume(10);
  await consume(20);
  state.lost = 3;
  for (let call = 0; call < 3; call += 1) await consume(100);
  // It is given up now, and the store not even asked.
  await consume(3);
  await answer();
  await expect.poll(() => recovered).toMatchObject([{ allowed: 6, unsure: 3, dropped: 0 }]);
  expect(await used()).toBe(33);
});

test('what is refused again while it is made up for goes on waiting', async () => {
  const { state, consume, used, answer, recovered } = await open('open');
  state.refused = 6;
  for (let call = 0; call < 5; call += 1) await consume(2);
  await consume(3);
  await answer();
  await expect.poll(() => state.refused).toBe(0);
  expect(await used()).toBe(0);
  await answer();
  await expect.poll(used).toBe(13);
  expect(recovered).toMatchObject([{ allowed: 6, unsure: 0, dropped: 0 }]);
});

test('leases hand on that a charge was refused, and spend nothing of it', async () => {
  const { store, state } = fallibleStore();
  const leased = leasedRateLimitStore(store, { portion: 20 });
  const charge = async () => leased.consume({ partition, windows });
  await charge();
  state.refused = 2;
  for (let call = 0; call < 2; call += 1) expect(await failureOf(charge())).toMatchObject(undone);
  await charge();
  await leased.close?.();
  expect(await store.get(partition, ['probe'])).toEqual([2]);
});

test('closed: the error says whether the charge may have counted', async () => {
  const { state, consume } = await open('closed');
  state.refused = 1;
  const code = 'usage_unavailable';
  expect(await failureOf(consume())).toMatchObject({ code, details: { done: false } });
  state.lost = 4;
  for (let call = 0; call < 4; call += 1) {
    const failure = await failureOf(consume());
    expect(failure).toMatchObject({ code });
    expect(Object(failure).details).toEqual({});
  }
  // Given up: the store is not asked.
  expect(await failureOf(consume())).toMatchObject({ code, details: { done: false } });
});

interface StoreUnderTest extends OnServers {
  readonly name: string;
  open(): Promise<{ readonly store: RateLimitStore; readonly line: ServerLine }>;
}

const openPool: OpenRedis = async ([url = '']) => {
  const pool = createClientPool({ url, disableOfflineQueue: true }, { acquireTimeout: 200 });
  pool.on('error', () => undefined);
  await pool.connect();
  return { client: pool, close: () => pool.destroy() };
};

const redisStores = Object.entries({ ...singleClients, 'node-redis, pool': openPool }).map(
  ([name, connect]): StoreUnderTest => ({
    name: `Redis through ${name}`,
    needs: ['redis-server'],
    async open() {
      const redis = await startRedis();
      onTestFinished(() => redis.stop());
      const line = await openServerLine(redis.port);
      onTestFinished(() => line.close());
      const { client, close } = await connect([`redis://127.0.0.1:${line.port}`]);
      onTestFinished(() => void close());
      return { store: redisRateLimitStore({ client }), line };
    },
  }),
);

const sqlStores = sharedEngines()
  .filter(({ name }) => name === 'PostgreSQL' || name === 'MariaDB')
  .map(
    ({ name, needs, create }): StoreUnderTest => ({
      name,
      needs,
      async open() {
        const { place, drop } = await create();
        onTestFinished(drop);
        if (!('url' in place)) throw new Error('a file has no line');
        const url = new URL(place.url);
        const line = await openServerLine(Number(url.port));
        onTestFinished(() => line.close());
        url.port = String(line.port);
        const storage = openStorage({ ...place, url: url.href });
        onTestFinished(() => storage.close());
        await storage.migrate();
        return { store: storage.rateLimits, line };
      },
    }),
  );

describeEach([...redisStores, ...sqlStores])('$name', (place) => {
  test('boundedOpen of 3: a connection that is refused charges nothing, which is made up for', async () => {
    const { store, line } = await place.open();
    const { manager } = await createTeam(memoryStorage(), {
      rateLimitStore: store,
      onStoreError: { boundedOpen: 3 },
      clock: undefined,
      // Only a refusal is to use up the bound, and no busy machine.
      rateLimitDeadlineMs: 10_000,
    });
    const consume = () => manager.consume({ orgId, userId });
    const used = async () => (await store.get(orgId, [dayKey(new Date())]))[0];
    expect(await consume()).not.toHaveProperty('uncounted');
    await line.cut();
    // Until the client has noticed that its connection is gone.
    const refusal = async () => failureOf(store.consume({ partition, windows }));
    await expect.poll(refusal, { timeout: 10_000 }).toMatchObject(undone);
    for (let call = 0; call < 3; call += 1) {
      expect(await consume()).toMatchObject({ allowed: true, uncounted: true });
    }
    expect(await failureOf(consume())).toMatchObject({ code: 'usage_unavailable' });
    await line.restore();
    await vi.waitFor(() => manager.usage({ orgId, actor: admin }), 15_000);
    await expect.poll(used, { timeout: 5000 }).toBe(1 + 3);
  });
});

describe('what Redis answers when it makes no charge', needing('redis-server'), () => {
  /** A store on a Redis of its own, and a client to change that. */
  async function openRedis(settings: readonly string[] = []) {
    const { url, stop } = await startRedis(settings);
    const { client, close } = (await singleClients.ioredis?.([url])) ?? expect.fail('no client');
    const outside = createClient({ url });
    outside.on('error', () => undefined);
    await outside.connect();
    onTestFinished(async () => {
      close();
      outside.destroy();
      await stop();
    });
    const store = redisRateLimitStore({ client });
    return { store, charge: () => store.consume({ partition, windows }), outside };
  }

  test.each<[string, readonly string[], readonly string[]]>([
    ['READONLY', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
    ['OOM', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
    [
      'NOREPLICAS',
      ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
      ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
    ],
  ])('%s', async (answer, ail, heal) => {
    const { store, charge, outside } = await openRedis();
    // Both ways: the script is known, and it is not.
    for (const used of [1, 2]) {
      await charge();
      await outside.sendCommand([...ail]);
      if (used === 2) await outside.scriptFlush();
      const failure = await failureOf(charge());
      expect(failure).toMatchObject(undone);
      expect(String(Object(failure).cause)).toContain(answer);
      await outside.sendCommand([...heal]);
      expect(await store.get(partition, ['probe'])).toEqual([used]);
    }
  });

  test('MASTERDOWN', async () => {
    const { charge, outside } = await openRedis(['--replica-serve-stale-data', 'no']);
    await outside.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
    expect(await failureOf(charge())).toMatchObject(undone);
  });

  test('CLUSTERDOWN', async () => {
    const bus = ['--cluster-port', String(await freePort())];
    const { charge } = await openRedis(['--cluster-enabled', 'yes', ...bus]);
    expect(await failureOf(charge())).toMatchObject(undone);
  });
});

/** A client of node-redis whose scripts fail so. */
const failing = (error: unknown) => ({
  evalSha: () => Promise.reject(error),
  eval: () => Promise.reject(error),
  mGet: () => Promise.reject(error),
});

test('an error is certain only if the script cannot have run', async () => {
  const connectFailure = (code: string) =>
    Object.assign(new Error(`connect ${code} 127.0.0.1:6379`), { code, syscall: 'connect' });
  const certain = [
    new Error('LOADING Redis is loading the dataset in memory'),
    new Error('BUSY Redis is busy running a script.'),
    new Error('MISCONF Redis is configured to save RDB snapshots, but it cannot persist on disk.'),
    new Error('TRYAGAIN Multiple keys request during rehashing of slot'),
    // Redis 6.2 tells where the script stood.
    new Error('ERR Error running script (call to f_1): @user_script:17: -OOM command not allowed'),
    new Error("ERR Error running script (call to f_1): @user_script: 17: READONLY You can't write"),
    new Error('The client is closed'),
    new Error('None of startup nodes is available'),
    connectFailure('ECONNREFUSED'),
    connectFailure('EHOSTUNREACH'),
    Object.assign(new Error('getaddrinfo ENOTFOUND redis'), { syscall: 'getaddrinfo' }),
    new AggregateError([connectFailure('ECONNREFUSED'), connectFailure('ECONNREFUSED')]),
  ];
  const uncertain = [
    new Error('ERR upstream timeout'),
    new Error('Socket closed unexpectedly'),
    new Error('Connection is closed.'),
    new Error('Command timed out'),
    new Error('Reached the max retries per request limit (which is 0). Refer to "maxRetries…'),
    new Error('UNKILLABLE Sorry the script already executed write commands'),
    Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }),
    new AggregateError([connectFailure('ECONNREFUSED'), new Error('Socket closed unexpectedly')]),
    new AggregateError([]),
    undefined,
    'The client is closed',
  ];
  for (const error of [...certain, ...uncertain]) {
    const store = redisRateLimitStore({ client: failing(error) });
    const failure = await failureOf(store.consume({ partition, windows }));
    expect([error, isOrgUserManagerError(failure)]).toEqual([
      error,
      certain.includes(Object(error)),
    ]);
    expect(isOrgUserManagerError(failure) ? failure.cause : failure).toBe(error);
  }
});
