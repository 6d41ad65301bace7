/** The conformance suite of counters, as its users run it, over every store and decorator of ours. */
import type { RateLimitStore } from 'org-user-manager';
import { leasedRateLimitStore } from 'org-user-manager/leased';
import { memoryStorage } from 'org-user-manager/memory';
import { redisRateLimitStore } from 'org-user-manager/redis';
import { fakeClock, testRateLimitStore } from 'org-user-manager/testing';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
// The outage policy has no entry point of its own: a manager puts it around its store.
import { withOutagePolicy } from '../../src/counters/outage-policy.ts';
import { patientCaller } from '../fixtures/caller.ts';
import { scoredTests } from '../fixtures/conformance-table.ts';
import { describeEach, needing, redisUrl } from '../fixtures/servers.ts';
import { allStorages, type StorageUnderTest } from '../fixtures/storages.ts';
import {
  clusterClients,
  type OpenClient,
  type OpenRedis,
  singleClients,
} from '../redis/clients.ts';
import { type OwnCluster, startCluster } from '../redis/own-redis.ts';
import { keysOf } from '../redis/shared-redis.ts';

type Create = () => RateLimitStore | Promise<RateLimitStore>;

const testOf = scoredTests('Conformance of the counters');
const storages = allStorages();

const countersOf =
  ({ create }: StorageUnderTest): Create =>
  async () => {
    const storage = create();
    await storage.migrate();
    const { rateLimits } = storage;
    return {
      consume: (request) => rateLimits.consume(request),
      get: (of, keys) => rateLimits.get(of, keys),
      close: () => storage.close(),
    };
  };

describeEach(storages)('$name', (storage) => {
  testRateLimitStore({ test: testOf(storage.name), create: countersOf(storage) });
});

const withPolicy = (store: RateLimitStore) =>
  withOutagePolicy(store, {
    policy: 'closed',
    within: (call, subject) => call(subject, patientCaller()),
    clock: fakeClock(),
    isMembers: () => true,
    isOnce: () => false,
    onFailed: () => expect.unreachable('no store fails here'),
    onRecovered: () => expect.unreachable('no store fails here'),
    onError: (error) => expect.unreachable(String(error)),
  });

const decorators: Readonly<Record<string, (store: RateLimitStore) => RateLimitStore>> = {
  leased: (store) => leasedRateLimitStore(store),
  'with policy': withPolicy,
  'both, of': (store) => withPolicy(leasedRateLimitStore(store, { portion: 3 })),
};

const decorated = Object.entries(decorators).flatMap(([title, decorate]) =>
  storages
    // A decorator speaks no SQL: what leases do to one served engine, they do to all.
    .filter(({ name }) => name === 'memory' || (name === 'PostgreSQL' && title === 'leased'))
    .map((storage) => ({
      name: `${title} ${storage.name}`,
      needs: storage.needs,
      create: async () => decorate(await countersOf(storage)()),
    })),
);

describeEach(decorated)('$name', ({ name, create }) => {
  testRateLimitStore({ test: testOf(name), create });
});

// What this run leaves on a server that it shares.
const ownPrefix = `oum-test-${crypto.randomUUID()}:`;

function testClient(name: string, open: () => Promise<OpenClient>): void {
  describe(name, () => {
    let opened: OpenClient;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());
    const create = () =>
      redisRateLimitStore({
        client: opened.client,
        keyPrefix: `${ownPrefix}${crypto.randomUUID().slice(0, 8)}:`,
      });
    testRateLimitStore({ test: testOf(name), create });
    if (!name.startsWith('ioredis')) return;
    testRateLimitStore({
      test: testOf(`leased ${name}`),
      create: () => leasedRateLimitStore(create()),
    });
  });
}

const testClients = (
  clients: Readonly<Record<string, OpenRedis>>,
  urls: () => readonly string[],
) => {
  for (const [name, open] of Object.entries(clients)) testClient(name, () => open(urls()));
};

describe('Redis', needing('Redis'), () => {
  testClients(singleClients, () => [redisUrl]);

  afterAll(async () => {
    const keys = await keysOf(redisUrl, ownPrefix);
    const client = createClient({ url: redisUrl });
    await client.connect();
    if (keys.length > 0) await client.del([...keys]);
    await client.close();
  });
});

describe('Redis Cluster', needing('redis-server'), () => {
  let cluster: OwnCluster | undefined;
  beforeAll(async () => {
    cluster = await startCluster();
    return cluster.stop;
  });
  testClients(clusterClients, () => cluster?.nodes.map(({ url }) => url) ?? []);
});

test('the suite has a case for every sentence of the contract', () => {
  const names = new Set<string>();
  testRateLimitStore({
    create: () => memoryStorage().rateLimits,
    test: (name) => names.add(name),
  });
  expect(names.size).toBeGreaterThanOrEqual(16);
});
