/** Eight processes that ask for 8,000 units of which there are 5,000. */
import type { RateLimitStore } from 'org-user-manager';
import { redisRateLimitStore } from 'org-user-manager/redis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStorage } from '../fixtures/place.ts';
import { sharedEngines } from '../fixtures/places.ts';
import { describeEach, type OnServers } from '../fixtures/servers.ts';
import { clusterClients, type OpenRedis, singleClients } from '../redis/clients.ts';
import { startCluster, startRedis } from '../redis/own-redis.ts';
import { type ChargeCommand, type CounterPlace, counterKeys } from './charge-commands.ts';
import { type ChargeProcesses, startChargeProcesses } from './charge-processes.ts';
import { openPeer } from './peer-limiter.ts';

interface SharedStore {
  readonly store: RateLimitStore;
  /** Where each of the processes finds it. */
  countersOf(index: number): CounterPlace;
  drop(): Promise<void>;
}

interface StoreUnderTest extends OnServers {
  readonly name: string;
  create(): Promise<SharedStore>;
}

type Charge = Extract<ChargeCommand, { do: 'charge' }>;
type Charges = Partial<Charge> & Pick<Charge, 'partition' | 'costs'>;

const processes = 8;
const limit = 5000;
const unitsEach = 1000;
const runs = process.env.OUM_THOROUGH ? 20 : 1;
const rows: string[] = [];

const sqlStores = sharedEngines().map(
  ({ name, needs, create }): StoreUnderTest => ({
    name,
    needs,
    async create() {
      const { place, drop } = await create();
      const storage = openStorage(place);
      await storage.migrate();
      return {
        store: storage.rateLimits,
        countersOf: () => ({ kind: 'storage', place }),
        drop: () => storage.close().then(drop),
      };
    },
  }),
);

interface RedisUnderTest {
  readonly name: string;
  readonly clients: Readonly<Record<string, OpenRedis>>;
  start(): Promise<{ readonly urls: readonly string[]; stop(): Promise<void> }>;
}

const servers: readonly RedisUnderTest[] = [
  {
    name: 'Redis',
    clients: singleClients,
    async start() {
      const { url, stop } = await startRedis();
      return { urls: [url], stop };
    },
  },
  {
    name: 'Redis Cluster',
    clients: clusterClients,
    async start() {
      const { nodes, stop } = await startCluster();
      return { urls: nodes.map(({ url }) => url), stop };
    },
  },
];

const redisStores = servers.map(
  ({ name, clients, start }): StoreUnderTest => ({
    name,
    needs: ['redis-server'],
    async create() {
      const { urls, stop } = await start();
      const names = Object.keys(clients);
      const [open] = Object.values(clients);
      const { client, close } = (await open?.(urls)) ?? expect.fail();
      return {
        store: redisRateLimitStore({ client }),
        countersOf: (index) => ({ kind: 'redis', client: names[index % names.length] ?? '', urls }),
        async drop() {
          close();
          await stop();
        },
      };
    },
  }),
);

/** What one process asks for: 1,000 units, in charges of 1 or of 1 to 7. */
const evenCosts = Array.from({ length: unitsEach }, () => 1);
const mixedCosts = Array.from({ length: unitsEach / 4 }, (_, index) => (index % 7) + 1);

const stores = [...sqlStores, ...redisStores];

let workers: ChargeProcesses;

beforeAll(async () => {
  workers = await startChargeProcesses(processes);
});

afterAll(async () => {
  expect(await workers.stop()).toEqual(Array(processes).fill(0));
});

describeEach(stores)('on $name', ({ name, create }) => {
  let shared: SharedStore;

  beforeAll(async () => {
    shared = await create();
    await workers.open(shared.countersOf);
  });

  afterAll(async () => {
    await workers.close();
    await shared.drop();
  });

  /** What was allowed in all, and what the counters say. */
  async function race({ partition, ...charges }: Charges) {
    const start = performance.now();
    const reports = await workers.charge({
      way: 'atomic',
      partition,
      limit,
      atOnce: 10,
      ...charges,
    });
    const ms = performance.now() - start;
    const units = reports.reduce((sum, report) => sum + report.units, 0);
    const counters = await shared.store.get(partition, counterKeys);
    const most = charges.limit ?? limit;
    const factor = (Math.max(units, counters[0] ?? 0) / most).toFixed(3);
    rows.push(line([name, partition, most, units, factor, ms]));
    return { units, counters };
  }

  test.each(Array.from({ length: runs }, (_, run) => run))('exactly 5,000 (%d)', async (run) => {
    const { units, counters } = await race({ partition: `costs of 1, ${run}`, costs: evenCosts });
    expect(units).toBe(limit);
    expect(counters).toEqual([limit, limit]);
  });

  test('with mixed costs never more, and what was allowed is what was counted', async () => {
    const { units, counters } = await race({ partition: 'costs of 1 to 7', costs: mixedCosts });
    expect(units).toBeLessThanOrEqual(limit);
    // All who asked for no more than is left were allowed.
    expect(units).toBeGreaterThan(limit - 7);
    expect(counters).toEqual([units, units]);
  });

  test('with leases never more, and little less; what was allowed is what is left counted', async () => {
    await workers.close();
    await workers.open((index) => ({ ...shared.countersOf(index), isLeased: true }));
    const { units, counters } = await race({ partition: 'with leases', costs: evenCosts });
    expect(counters[0]).toBeLessThanOrEqual(limit);
    expect(units).toBeLessThanOrEqual(limit);
    // What the others held ready when a process was refused.
    expect(units).toBeGreaterThan(limit - processes * 20);
    await workers.close();
    expect(await shared.store.get('with leases', counterKeys)).toEqual([units, units]);
    await workers.open(shared.countersOf);
  });

  if (/^(PostgreSQL|Redis)$/.test(name)) {
    test('beside rate-limiter-flexible, with one window', async () => {
      const peer = await openPeer(shared.countersOf(0), limit, false);
      await peer.close();
      const way = 'rate-limiter-flexible' as const;
      const { units } = await race({ partition: way, way, costs: evenCosts });
      expect(units).toBeGreaterThan(0);
    });
  }

  test('the control, a look and then an increment, allows more', async () => {
    const { units } = await race({
      partition: 'the control',
      way: 'check then record',
      limit: 100,
      costs: evenCosts.slice(0, 100),
      atOnce: 50,
    });
    expect(units).toBeGreaterThan(100);
  });
});

afterAll(() => {
  const head = ['store', 'race', 'limit', 'allowed', 'overspend', 'ms'];
  console.log(`\n${processes} processes\n${[line(head), ...rows].join('\n')}\n`);
});

function line(cells: readonly (string | number)[]): string {
  const texts = cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(0) : cell));
  return texts.map((text, index) => text.padEnd([13, 18, 7, 8, 10, 0][index] ?? 0)).join(' ');
}
