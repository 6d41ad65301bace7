/** The counters in Redis, on one server and on a cluster, through both client libraries. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import {
  type ChargeRequest,
  isOrgUserManagerError,
  type RateLimitStore,
  type UsageWindow,
} from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { type RedisRateLimitStoreOptions, redisRateLimitStore } from 'org-user-manager/redis';
import { createClient } from 'redis';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { patientCaller } from '../fixtures/caller.ts';
import { needing } from '../fixtures/servers.ts';
import { createTeam, orgId } from '../fixtures/team.ts';
import { clusterClients, singleClients } from './clients.ts';
import { type LossyLine, openLossyLine } from './lossy-line.ts';
import { type OwnRedis, startCluster, startRedis } from './own-redis.ts';
import { keysOf } from './shared-redis.ts';

const partition = 'acme';
const keepMs = 3_600_000;

/** One window; it is needed for longer than the test runs. */
const window = (key: string, cost: number, limit: number | null = null): UsageWindow => ({
  key,
  cost,
  limit,
  keepMs,
});

/** Charges of one organization, some of which give units back, in the order in which they are made. */
const arbitraryCharges = fc.array(
  fc.uniqueArray(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      cost: fc.integer({ min: -3, max: 6 }).filter((cost) => cost !== 0),
      limit: fc.option(fc.integer({ min: 0, max: 40 })),
      keepMs: fc.constant(keepMs),
    }),
    { minLength: 1, selector: ({ key }) => key },
  ),
  { minLength: 2, maxLength: 100 },
);

/** A counter that was just charged is kept for as long as it is needed. */
function expectLife(leftMs: number): void {
  expect(leftMs).toBeGreaterThan(keepMs - 30_000);
  expect(leftMs).toBeLessThanOrEqual(keepMs);
}

/** Loses the answer to a charge, and looks at what has become of it once the line is up again. */
async function expectOneCharge(store: RateLimitStore, lines: readonly LossyLine[]) {
  const charge = () => store.consume({ partition, windows: [window('a', 1)] });
  await charge();
  for (const line of lines) line.loseNextAnswer();
  await expect(charge()).rejects.toThrow();
  const back = () => store.get(partition, ['a']);
  expect(await vi.waitFor(back, 5000)).toEqual([2]);
  // Whatever was sent again is there by now.
  await charge();
  expect(await store.get(partition, ['a'])).toEqual([3]);
}

describe('on a cluster of three', needing('redis-server'), () => {
  let nodes: readonly OwnRedis[] = [];
  const urls = () => nodes.map(({ url }) => url);

  beforeAll(async () => {
    const cluster = await startCluster();
    nodes = cluster.nodes;
    return cluster.stop;
  });

  test.each(Object.entries(clusterClients))(
    'whatever they are called, counters are separate, and those of a partition share a slot (%s)',
    async (_name, open) => {
      const { client, close } = await open(urls());
      onTestFinished(async () => void (await close()));
      const keyPrefix = `${crypto.randomUUID()}:`;
      const store = redisRateLimitStore({ client, keyPrefix });
      const names = ['', '{', '}', '{}', '}{', '{a}b', 'a}b', 'a}:b', '%', '%%', '%007d', '%d800'];
      names.push('\ud800', '\udbff', '\ufffd', '\0', '\r\n', '"', "'", '\\', ':', ' ', '*', '🎈');
      names.push('__proto__', '日本', '🎈'.repeat(127), `${'}'.repeat(254)}x`, 'z'.repeat(255));
      const keys = [...names, 'k'.repeat(400), '🎈'.repeat(200)];
      for (const [index, of] of names.entries()) {
        const windows = keys.map((key, place) => window(key, 1 + index * 100 + place));
        expect(await store.consume({ partition: of, windows })).toMatchObject({ allowed: true });
      }
      for (const [index, of] of names.entries()) {
        const costs = keys.map((_, place) => 1 + index * 100 + place);
        expect(await store.get(of, keys)).toEqual(costs);
      }
      expect(await store.now?.()).toBeGreaterThan(0);
      const found = await Promise.all(urls().map((url) => keysOf(url, keyPrefix)));
      expect(found.map(({ length }) => length > 0)).toEqual([true, true, true]);
      expect(new Set(found.flat()).size).toBe(names.length * keys.length);
    },
  );

  test.each(Object.entries(clusterClients))(
    'a charge whose answer is lost rejects, and has counted once at most (%s)',
    async (_name, open) => {
      const lines = await Promise.all(nodes.map(({ port }) => openLossyLine(port)));
      onTestFinished(() => lines.forEach((line) => void line.close()));
      const detours = Object.fromEntries(
        lines.map(({ port }, index) => [
          `127.0.0.1:${nodes[index]?.port}`,
          { host: '127.0.0.1', port },
        ]),
      );
      const { client, close } = await open(
        lines.map(({ url }) => url),
        detours,
      );
      onTestFinished(async () => void (await close()));
      const store = redisRateLimitStore({ client, keyPrefix: `${crypto.randomUUID()}:` });
      await expectOneCharge(store, lines);
    },
  );
});

describe('on a server of its own', needing('redis-server'), () => {
  let redis: OwnRedis;

  beforeAll(async () => {
    redis = await startRedis();
    return () => redis.stop();
  });

  /** A store on a server, which is emptied first, and a client to look at it from outside. */
  async function openStore(name = 'ioredis', { url }: Pick<OwnRedis, 'url'> = redis) {
    const outside = createClient({ url: redis.url });
    await outside.connect();
    await outside.flushAll();
    const { client, close } = (await singleClients[name]?.([url])) ?? expect.fail(name);
    onTestFinished(async () => {
      close();
      await outside.close();
    });
    const store = redisRateLimitStore({ client });
    const charge = (...windows: readonly UsageWindow[]) => store.consume({ partition, windows });
    return { store, charge, outside };
  }

  test('every counter expires, whatever has happened to it', async () => {
    const { charge, outside } = await openStore();
    const expectExpiry = async (keys: readonly string[]) => {
      const names = keys.map((key) => `oum:{acme}:${key}`);
      expect((await outside.keys('*')).toSorted()).toEqual(names.toSorted());
      for (const name of names) expectLife(await outside.pTTL(name));
    };
    await charge(window('day', 3, 5), window('month', 3));
    await expectExpiry(['day', 'month']);
    await charge(window('day', 2, 5), window('month', 2));
    await expectExpiry(['day', 'month']);
    const refused = await charge(window('month', 1), window('fresh', 1), window('day', 1, 5));
    expect(refused).toEqual({ allowed: false, used: [5, 0, 5] });
    await expectExpiry(['day', 'month']);
    await charge(window('day', -2, 5), window('month', -9));
    await expectExpiry(['day', 'month']);
    await charge(window('returned', -1, 0), window('month', 1));
    await expectExpiry(['day', 'month', 'returned']);
    // Somebody has removed the expiry: the next charge brings it back.
    await outside.persist('oum:{acme}:day');
    await charge(window('day', 1, 5), window('month', 1));
    await expectExpiry(['day', 'month', 'returned']);
  });

  test('a counter is gone once it has expired, and no other', async () => {
    const { store, charge, outside } = await openStore();
    const short = { ...window('short', 1, 1), keepMs: 500 };
    const begun = performance.now();
    expect(await charge(short, window('long', 1))).toEqual({ allowed: true, used: [1, 1] });
    await vi.waitFor(async () => expect(await store.get(partition, ['short'])).toEqual([0]), 5000);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(short.keepMs);
    expect(await store.get(partition, ['long'])).toEqual([1]);
    expect(await outside.keys('*')).toEqual(['oum:{acme}:long']);
  });

  test.each([-1, 0, 1.5])('a life of %d ms is over at once, not a fault', async (life) => {
    const { store, charge } = await openStore();
    const brief = { ...window('brief', 1), keepMs: life };
    expect(await charge(window('a', 1), brief)).toEqual({ allowed: true, used: [1, 1] });
    await setTimeout(5);
    expect(await store.get(partition, ['a', 'brief'])).toEqual([1, 0]);
  });

  test('numbers are exact up to 2^53 - 1, and never pass it', async () => {
    const { store, charge } = await openStore();
    const most = Number.MAX_SAFE_INTEGER;
    expect(await charge(window('a', most - 1))).toMatchObject({ used: [most - 1] });
    expect(await charge(window('a', 2))).toEqual({ allowed: false, used: [most - 1] });
    expect(await charge(window('a', most))).toEqual({ allowed: false, used: [most - 1] });
    expect(await charge(window('a', 1))).toEqual({ allowed: true, used: [most] });
    expect(await charge(window('a', 1, most))).toEqual({ allowed: false, used: [most] });
    expect(await charge(window('a', -3))).toMatchObject({ used: [most - 3] });
    expect(await store.get(partition, ['a'])).toEqual([most - 3]);
    expect(await charge(window('a', -most))).toMatchObject({ used: [0] });
  });

  test.each(Object.keys(singleClients))(
    'a call is one round trip, and one more when Redis has forgotten the script (%s)',
    async (name) => {
      const { store, charge, outside } = await openStore(name);
      /** How often each command has run since it was last asked, the ones inside scripts included. */
      const commands = async () => {
        const stats = await outside.info('commandstats');
        await outside.configResetStat();
        const counts = [...stats.matchAll(/cmdstat_(\w+):calls=(\d+)/g)];
        return Object.fromEntries(counts.map(([, command, calls]) => [command, Number(calls)]));
      };
      const consume = () => charge(window('day', 1, 2), window('month', 1));
      await outside.scriptFlush();
      await consume();
      await commands();
      expect(await consume()).toMatchObject({ allowed: true });
      expect(await commands()).toEqual({ evalsha: 1, mget: 1, set: 2 });
      expect(await consume()).toMatchObject({ allowed: false });
      expect(await commands()).toEqual({ evalsha: 1, mget: 1 });
      await store.get(partition, ['day', 'month', 'none']);
      await store.get(partition, []);
      expect(await commands()).toEqual({ mget: 1 });
      await store.now?.();
      await commands();
      const [seconds = 0] = String(await outside.sendCommand(['TIME']))
        .split(',')
        .map(Number);
      await commands();
      expect(Math.abs(Number(await store.now?.()) - seconds * 1000)).toBeLessThan(30_000);
      expect(await commands()).toEqual({ evalsha: 1, time: 1 });
      await outside.scriptFlush();
      await commands();
      expect(await charge(window('month', 1))).toEqual({ allowed: true, used: [3] });
      expect(await commands()).toEqual({ evalsha: 1, eval: 1, mget: 1, set: 1 });
    },
  );

  test.each(Object.keys(singleClients))(
    'charges at once share scripts, and are answered in their order (%s)',
    async (name) => {
      const { charge, outside } = await openStore(name);
      await charge(window('warm-up', 1));
      await outside.configResetStat();
      const costs = Array.from({ length: 200 }, (_, index) => (index % 10 === 9 ? -2 : 1));
      const results = await Promise.all(
        costs.map((cost) => charge(window('a', cost), window('b', 1, 150))),
      );
      let [a, b] = [0, 0];
      const expected = costs.map((cost) => {
        if (b === 150) return { allowed: false, used: [a, b] };
        a = Math.max(0, a + cost);
        b += 1;
        return { allowed: true, used: [a, b] };
      });
      expect(results).toEqual(expected);
      const [, calls] =
        /cmdstat_evalsha:calls=(\d+)/.exec(await outside.info('commandstats')) ?? [];
      expect(Number(calls)).toBeLessThanOrEqual(2 + Math.ceil(198 / 64));
      expectLife(await outside.pTTL('oum:{acme}:b'));
    },
  );

  test('whatever is charged at once is told what it would be told one after another', async () => {
    const { store } = await openStore();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryCharges, async (charges) => {
        run += 1;
        const requests = charges.map(
          (windows): ChargeRequest => ({ partition: `p-${run}`, windows }),
        );
        const model = memoryStorage({ now: () => 0 }).rateLimits;
        const expected = [];
        for (const request of requests) expected.push(await model.consume(request));
        expect(await Promise.all(requests.map((one) => store.consume(one)))).toEqual(expected);
        // A charge by itself takes another script.
        for (const [index, windows] of charges.entries()) {
          const alone = await store.consume({ partition: `q-${run}`, windows });
          expect(alone).toEqual(expected[index]);
        }
      }),
      { numRuns: process.env.OUM_THOROUGH ? 1000 : 60 },
    );
  });

  test('a call that waits for its turn and that nobody waits for any more is never made', async () => {
    const { store, charge } = await openStore();
    const under = [charge(window('a', 1)), charge(window('a', 1))];
    const caller = patientCaller();
    const windows = [window('a', 1)];
    const waiting = store.consume({ partition, windows, caller });
    // Before it can happen: it may be over sooner than the others.
    const refused = expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
    caller.isGone = true;
    await Promise.all(under);
    await refused;
    expect(await charge(window('a', 1))).toEqual({ allowed: true, used: [3] });
  });

  test('a Redis user needs the rights that the guide names, and no others', async () => {
    const { outside } = await openStore();
    const guide = readFileSync('adapters/rate-limit/README.md', 'utf8');
    const [, rights = ''] = /`(~oum:\* [^`]+)`/.exec(guide) ?? [];
    const password = randomUUID();
    const openAs = async (user: string, given: readonly string[]) => {
      await outside.sendCommand(['ACL', 'SETUSER', user, 'on', `>${password}`, ...given]);
      const client = createClient({ url: redis.url, username: user, password });
      await client.connect();
      onTestFinished(() => client.destroy());
      const store = redisRateLimitStore({ client });
      return async () => {
        const windows = [window('day', 1), window('month', 1)];
        await store.consume({ partition, windows });
        // Two at once, after one that is under way.
        await Promise.all([1, 2, 3, 4].map(() => store.consume({ partition, windows })));
        await store.get(partition, ['day']);
        return store.now?.();
      };
    };
    const all = rights.split(' ');
    expect(await (await openAs('whole', all))()).toBeGreaterThan(0);
    for (const right of all) {
      await outside.scriptFlush();
      const use = await openAs(
        `without${all.indexOf(right)}`,
        all.filter((one) => one !== right),
      );
      await expect(use(), right).rejects.toThrow(/NOPERM|can't run this command/);
    }
  });

  test('only a missing script is sent again: any other failure may have charged', async () => {
    const calls: string[] = [];
    const client = {
      evalSha: async () => {
        calls.push('evalSha');
        throw new Error('ERR the answer is lost');
      },
      eval: async () => calls.push('eval'),
      mGet: async () => undefined,
    };
    const store = redisRateLimitStore({ client });
    const windows = [window('a', 1)];
    await expect(store.consume({ partition, windows })).rejects.toThrow('the answer is lost');
    expect(calls).toEqual(['evalSha']);
    await expect(store.get(partition, ['a'])).rejects.toThrow('no list');
  });

  test.each(Object.keys(singleClients))(
    'a charge whose answer is lost rejects, and has counted once at most (%s)',
    async (name) => {
      const line = await openLossyLine(redis.port);
      onTestFinished(() => line.close());
      const { store } = await openStore(name, line);
      await expectOneCharge(store, [line]);
    },
  );

  describe('in a manager', () => {
    const userId = 'u_1';

    async function createCounting(url: string, name = 'ioredis') {
      const { client, close } = (await singleClients[name]?.([url])) ?? expect.fail(name);
      onTestFinished(() => void close());
      const { manager, join } = await createTeam(memoryStorage(), {
        rateLimitStore: redisRateLimitStore({ client }),
        onStoreError: 'closed',
        clock: undefined,
        rateLimitDeadlineMs: 400,
      });
      await join(userId);
      return manager;
    }

    test.each(Object.keys(singleClients))(
      'usage is granted, refused and shown (%s)',
      async (name) => {
        const { outside } = await openStore();
        const manager = await createCounting(redis.url, name);
        await manager.setLimit({ orgId, actor: { userId: 'u_admin' }, userId, daily: 10 });
        const consume = (cost: number) =>
          manager.consume({ orgId, userId, activity: 'search', cost });
        expect(await consume(10)).toMatchObject({ allowed: true });
        expect(await consume(1)).toMatchObject({
          allowed: false,
          reason: 'limit_exceeded',
          violated: ['user-day'],
        });
        const usage = await manager.usage({ orgId, actor: { userId }, userId });
        expect(usage.windows.map(({ used }) => used)).toEqual([10, 10]);
        // Six counters, and the two shares of the limit that were told.
        expect(await outside.dbSize()).toBe(8);
      },
    );

    test.each(Object.keys(singleClients))(
      'a server that hangs ends as usage_unavailable within the deadline, and counts once at most (%s)',
      async (name) => {
        const { outside } = await openStore();
        const manager = await createCounting(redis.url, name);
        await manager.consume({ orgId, userId });
        redis.pause();
        onTestFinished(() => redis.resume());
        const start = performance.now();
        const failure = await manager.consume({ orgId, userId }).catch((error: unknown) => error);
        expect(isOrgUserManagerError(failure, 'usage_unavailable')).toBe(true);
        expect(performance.now() - start).toBeLessThan(400 + 500);
        redis.resume();
        expect(await manager.consume({ orgId, userId })).toMatchObject({ allowed: true });
        const [key = ''] = await outside.keys('oum:{acme}:o/????-??/');
        expect(['2', '3']).toContain(await outside.get(key));
      },
    );

    test.each(Object.keys(singleClients))(
      'a server that has ended: the store rejects, the manager says usage_unavailable (%s)',
      async (name) => {
        const mortal = await startRedis();
        onTestFinished(() => mortal.stop());
        const manager = await createCounting(mortal.url, name);
        await manager.consume({ orgId, userId });
        const { rateLimitStore } = manager.settings;
        await mortal.stop();
        const windows = [window('a', 1)];
        await expect(rateLimitStore.consume({ partition, windows })).rejects.toThrow();
        await expect(rateLimitStore.get(partition, ['a'])).rejects.toThrow();
        await expect(manager.consume({ orgId, userId })).rejects.toMatchObject({
          code: 'usage_unavailable',
        });
      },
    );
  });
});

describe('the options', () => {
  const client = { evalSha: async () => [], eval: async () => [], mGet: async () => [] };
  const issuesOf = (options: object) => {
    try {
      redisRateLimitStore({ client, ...options } satisfies RedisRateLimitStoreOptions);
    } catch (error) {
      if (isOrgUserManagerError(error, 'invalid_options')) return error.details.issues;
      throw error;
    }
    return [];
  };

  test('a client is enough', () => {
    expect(issuesOf({})).toEqual([]);
    expect(issuesOf({ keyPrefix: 'my.app-2/usage:' })).toEqual([]);
    const { evalSha: evalsha, eval: run, mGet: mget } = client;
    expect(issuesOf({ client: { evalsha, eval: run, mget } })).toEqual([]);
  });

  test.each([
    ['client', [undefined, null, {}, 'redis://127.0.0.1', { evalSha: client.evalSha }]],
    ['keyPrefix', ['', '{a}', 'a{', 'a b', 'é', 'x'.repeat(65), 1, null]],
    ['prefix', ['oum:']],
  ])('%s is checked', (name, values) => {
    for (const value of values) {
      expect(issuesOf({ [name]: value }).map(({ path }) => path)).toEqual([name]);
    }
  });
});
