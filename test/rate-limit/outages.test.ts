/** Servers that hang, end and dawdle under a load: what the manager answers, and how it recovers. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { OrgUserManager, OrgUserManagerOptions, RateLimitStore } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { redisRateLimitStore } from 'org-user-manager/redis';
import { createClient } from 'redis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openStorage, type Place } from '../fixtures/place.ts';
import { sharedEngines } from '../fixtures/places.ts';
import { openServerLine, type ServerLine } from '../fixtures/server-line.ts';
import { describeEach, needing, type OnServers } from '../fixtures/servers.ts';
import { admin, createTeam, orgId } from '../fixtures/team.ts';
import { singleClients } from '../redis/clients.ts';
import { startRedis } from '../redis/own-redis.ts';

type Policy = OrgUserManagerOptions['onStoreError'];

const deadlineMs = 250;
// A busy machine answers late; one that waits for a server answers seconds later.
const slackMs = 1000;
const userId = 'u_1';

async function openTeam(rateLimitStore: RateLimitStore, onStoreError: Policy) {
  const { manager, join } = await createTeam(memoryStorage(), {
    rateLimitStore,
    onStoreError,
    clock: undefined,
  });
  await join(userId);
  return manager;
}

interface Answers {
  /** How often each answer was given. */
  readonly counts: Readonly<Record<string, number>>;
  readonly slowestMs: number;
}

/** Twenty callers, each with one call at a time, until the time is over. */
async function load(manager: OrgUserManager, durationMs: number): Promise<Answers> {
  const counts: Record<string, number> = {};
  let slowestMs = 0;
  const end = performance.now() + durationMs;
  const caller = async () => {
    while (performance.now() < end) {
      const start = performance.now();
      const answer = await manager.consume({ orgId, userId }).then(
        (decision) => ('uncounted' in decision ? 'uncounted' : String(decision.allowed)),
        ({ code }) => String(code),
      );
      counts[answer] = (counts[answer] ?? 0) + 1;
      slowestMs = Math.max(slowestMs, performance.now() - start);
      await setTimeout(1);
    }
  };
  await Promise.all(Array.from({ length: 20 }, caller));
  return { counts, slowestMs };
}

const recovery = (manager: OrgUserManager) =>
  vi.waitFor(
    async () => {
      const decision = await manager.consume({ orgId, userId });
      expect(decision).toMatchObject({ allowed: true });
      expect(decision).not.toHaveProperty('uncounted');
    },
    { timeout: 15_000, interval: 50 },
  );

const usedToday = async (manager: OrgUserManager) =>
  Number((await manager.usage({ orgId, actor: admin, userId })).windows[0]?.used);

const failures: Readonly<Record<string, (line: ServerLine) => unknown>> = {
  hangs: (line) => line.hang(),
  ends: (line) => line.cut(),
  'is slow': (line) => line.slowDown(3 * deadlineMs),
};

async function mend(line: ServerLine): Promise<void> {
  line.slowDown(0);
  await line.restore();
}

interface StoreUnderTest extends OnServers {
  readonly name: string;
  open(): Promise<{ readonly store: RateLimitStore; readonly line: ServerLine }>;
}

const redisStores = ['node-redis', 'ioredis'].map(
  (name): StoreUnderTest => ({
    name: `Redis through ${name}`,
    needs: ['redis-server'],
    async open() {
      const redis = await startRedis();
      onTestFinished(() => redis.stop());
      const line = await openServerLine(redis.port);
      onTestFinished(() => line.close());
      const opened = await singleClients[name]?.([`redis://127.0.0.1:${line.port}`]);
      if (!opened) throw new Error(name);
      onTestFinished(() => void opened.close());
      return { store: redisRateLimitStore({ client: opened.client }), line };
    },
  }),
);

/** A server of SQL behind a line. */
async function detour(place: Place): Promise<{ line: ServerLine; through: Place }> {
  if (!('url' in place)) throw new Error('a file has no line');
  const url = new URL(place.url);
  const line = await openServerLine(Number(url.port));
  onTestFinished(() => line.close());
  url.port = String(line.port);
  return { line, through: { ...place, url: url.href } };
}

const postgres = sharedEngines().filter(({ name }) => name === 'PostgreSQL');

const sqlStores = postgres.map(
  ({ name, needs, create }): StoreUnderTest => ({
    name,
    needs,
    async open() {
      const { place, drop } = await create();
      onTestFinished(drop);
      const { line, through } = await detour(place);
      const storage = openStorage(through);
      onTestFinished(() => storage.close());
      await storage.migrate();
      return { store: storage.rateLimits, line };
    },
  }),
);

const stores = [...redisStores, ...sqlStores];
const outages = stores.flatMap((store) => Object.keys(failures).map((how) => ({ ...store, how })));
// Unless there is time, every fourth one of them: each failure once, and each store.
const tried = outages.filter((_, index) => process.env.OUM_THOROUGH || index % 4 === 0);

describeEach(tried)('$name $how', ({ open, how }) => {
  test('closed: 503 within the deadline, nothing but that, and it recovers by itself', async () => {
    const { store, line } = await open();
    const manager = await openTeam(store, 'closed');
    await recovery(manager);
    await failures[how]?.(line);
    const { counts, slowestMs } = await load(manager, 500);
    expect(Object.keys(counts)).toEqual(['usage_unavailable']);
    expect(slowestMs).toBeLessThan(deadlineMs + slackMs);
    await mend(line);
    await recovery(manager);
  });

  test('boundedOpen: so many units, then 503; afterwards no unit is counted twice', async () => {
    const { store, line } = await open();
    const bound = 50;
    const manager = await openTeam(store, { boundedOpen: bound });
    await recovery(manager);
    const before = await usedToday(manager);
    await failures[how]?.(line);
    const { counts, slowestMs } = await load(manager, 500);
    expect(counts).toEqual({ uncounted: bound, usage_unavailable: expect.any(Number) });
    expect(slowestMs).toBeLessThan(deadlineMs + slackMs);
    let unsure = -1;
    manager.on('usage.store_recovered', (outage) => {
      unsure = outage.unsure;
    });
    await mend(line);
    await recovery(manager);
    await expect.poll(() => unsure).toBeGreaterThanOrEqual(0);
    const counted = (await usedToday(manager)) - before;
    // One unit at least was asked for to see that it is back; calls that were late may have counted.
    expect(counted).toBeGreaterThanOrEqual(bound - unsure + 1);
    expect(counted).toBeLessThanOrEqual(bound + 20 + 5);
  });
});

describeEach(stores)('$name', ({ open }) => {
  test('open: a load goes on through an outage and its end', async () => {
    const { store, line } = await open();
    const manager = await openTeam(store, 'open');
    await recovery(manager);
    const loaded = load(manager, 1800);
    await setTimeout(200);
    await line.cut();
    await setTimeout(400);
    await mend(line);
    const { counts, slowestMs } = await loaded;
    expect(Object.keys(counts).toSorted()).toEqual(['true', 'uncounted']);
    expect(slowestMs).toBeLessThan(deadlineMs + slackMs);
    await recovery(manager);
  });
});

describeEach(postgres)('$name with members and counters', ({ create }) => {
  test('its end is 503 for everything, its return needs no restart', async () => {
    const { place, drop } = await create();
    onTestFinished(drop);
    const { line, through } = await detour(place);
    const team = await createTeam(openStorage(through), {
      clock: undefined,
      storageDeadlineMs: 500,
    });
    const { manager, join } = team;
    await join(userId);
    const loaded = load(manager, 2000);
    await setTimeout(200);
    await line.cut();
    await setTimeout(500);
    await mend(line);
    const { counts, slowestMs } = await loaded;
    expect(Object.keys(counts).toSorted()).toEqual(['true', 'unavailable']);
    expect(slowestMs).toBeLessThan(500 + slackMs);
    await recovery(manager);
    expect(await usedToday(manager)).toBeGreaterThanOrEqual(Number(counts.true));
  });
});

test('a server that accepts and never answers: 503 within the deadline, from the first call on', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => void silent.close());
  const { port } = Object(silent.address());
  const client = createClient({ url: `redis://127.0.0.1:${port}`, disableOfflineQueue: true });
  client.on('error', () => undefined);
  void client.connect().catch(() => undefined);
  onTestFinished(() => client.destroy());
  const manager = await openTeam(redisRateLimitStore({ client }), 'closed');
  const { counts, slowestMs } = await load(manager, 300);
  expect(Object.keys(counts)).toEqual(['usage_unavailable']);
  expect(slowestMs).toBeLessThan(deadlineMs + slackMs);
});

test(
  'a Redis that was killed and started anew is used again',
  needing('redis-server'),
  async () => {
    const first = await startRedis();
    const line = await openServerLine(first.port);
    onTestFinished(() => line.close());
    const { client, close } = (await singleClients.ioredis?.([
      `redis://127.0.0.1:${line.port}`,
    ])) ?? {
      client: expect.fail('no client'),
      close: () => undefined,
    };
    onTestFinished(() => void close());
    const manager = await openTeam(redisRateLimitStore({ client }), 'closed');
    await recovery(manager);
    await first.stop();
    expect(Object.keys((await load(manager, 300)).counts)).toEqual(['usage_unavailable']);
    const second = await startRedis(['--port', String(first.port)]);
    onTestFinished(() => second.stop());
    await recovery(manager);
  },
);
