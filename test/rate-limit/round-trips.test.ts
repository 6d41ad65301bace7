/** Round trips, counted at the socket: what a charge costs wherever the store is. */
import type { RateLimitStore } from 'org-user-manager';
import { leasedRateLimitStore } from 'org-user-manager/leased';
import { redisRateLimitStore } from 'org-user-manager/redis';
import { expect, onTestFinished, test } from 'vitest';
import { openStorage, type Place } from '../fixtures/place.ts';
import { sharedEngines } from '../fixtures/places.ts';
import { openServerLine, type ServerLine } from '../fixtures/server-line.ts';
import { describeEach, type OnServers } from '../fixtures/servers.ts';
import { singleClients } from '../redis/clients.ts';
import { startRedis } from '../redis/own-redis.ts';

interface OpenStore {
  readonly store: RateLimitStore;
  readonly line: ServerLine;
}

interface StoreUnderTest extends OnServers {
  readonly name: string;
  open(): Promise<OpenStore>;
}

const servers = sharedEngines().filter(({ name }) => name !== 'SQLite');

const sqlStores = servers.map(
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

async function detour(place: Place): Promise<{ line: ServerLine; through: Place }> {
  if (!('url' in place)) throw new Error('a file has no line');
  const url = new URL(place.url);
  const line = await openServerLine(Number(url.port));
  onTestFinished(() => line.close());
  url.port = String(line.port);
  return { line, through: { ...place, url: url.href } };
}

const redisStores = Object.entries(singleClients).map(
  ([name, connect]): StoreUnderTest => ({
    name,
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

describeEach([...sqlStores, ...redisStores])('$name', ({ open }) => {
  test('alone one round trip, refused or not; among others less than one', async () => {
    const { store, line } = await open();
    const keepMs = 3_600_000;
    const charge = (limit: number | null) =>
      store.consume({
        partition: 'acme',
        windows: [
          { key: 'u/day', cost: 1, limit, keepMs },
          { key: 'u/month', cost: 1, limit: null, keepMs },
          { key: 'o/day', cost: 1, limit: null, keepMs },
          { key: 'o/month', cost: 1, limit: null, keepMs },
        ],
      });
    // Connects, and asks what is asked once.
    await Promise.all(Array.from({ length: 20 }, () => charge(null)));
    line.countRoundTrips();
    for (let call = 0; call < 10; call += 1) await charge(null);
    expect(line.countRoundTrips()).toBe(10);
    await charge(30);
    line.countRoundTrips();
    for (let call = 0; call < 10; call += 1) expect((await charge(30)).allowed).toBe(false);
    expect(line.countRoundTrips()).toBe(10);
    await Promise.all(Array.from({ length: 200 }, () => charge(null)));
    const among = line.countRoundTrips();
    console.log(`${among} round trips for 200 charges at once`);
    expect(among).toBeLessThan(200 / 4);
  });

  test('charges that touch very many counters do not all share one', async () => {
    const { store, line } = await open();
    const keepMs = 3_600_000;
    const keys = Array.from({ length: 400 }, (_, index) => `u/${index}`);
    const windows = keys.map((key) => ({ key, cost: 1, limit: null, keepMs }));
    const charge = (partition: string) => store.consume({ partition, windows });
    // Connects, and asks what is asked once.
    await charge('globex');
    line.countRoundTrips();
    await Promise.all(Array.from({ length: 7 }, () => charge('acme')));
    expect(line.countRoundTrips()).toBeGreaterThanOrEqual(4);
    expect(await store.get('acme', keys)).toEqual(keys.map(() => 7));
  });

  test('with leases one for a portion of them', async () => {
    const { store, line } = await open();
    const leased = leasedRateLimitStore(store, { portion: 20 });
    const windows = [{ key: 'u/day', cost: 1, limit: 1000, keepMs: 3_600_000 }];
    const charge = () => leased.consume({ partition: 'acme', windows });
    // Connects, and whoever asks for the first time gets no more than that.
    await charge();
    line.countRoundTrips();
    for (let call = 0; call < 210; call += 1) expect((await charge()).allowed).toBe(true);
    const taken = line.countRoundTrips();
    console.log(`${taken} round trips for 210 charges in turn, with leases of 20`);
    expect(taken).toBe(10);
    await leased.close?.();
    expect(await store.get('acme', ['u/day'])).toEqual([211]);
  });
});
