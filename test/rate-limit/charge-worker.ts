// Runs in a process of its own, without a build: it imports the source by path.
import process from 'node:process';
import { leasedRateLimitStore } from '../../adapters/rate-limit/leased/index.ts';
import { redisRateLimitStore } from '../../adapters/rate-limit/redis/index.ts';
import type { RateLimitStore } from '../../src/index.ts';
import { openStorage } from '../fixtures/place.ts';
import { clusterClients, singleClients } from '../redis/clients.ts';
import {
  type ChargeCommand,
  type ChargeReport,
  type CounterPlace,
  counterKeys,
} from './charge-commands.ts';
import { openPeer } from './peer-limiter.ts';

type Charges = Extract<ChargeCommand, { do: 'charge' }>;

let store: RateLimitStore | undefined;
let close: () => unknown = () => undefined;
let place: CounterPlace | undefined;

async function open(counters: CounterPlace): Promise<string> {
  const opened = await connect(counters);
  place = counters;
  store = counters.isLeased ? leasedRateLimitStore(opened.store) : opened.store;
  close = async () => {
    await store?.close?.();
    await opened.close();
  };
  // Connects before the race begins.
  await store.get('', ['']);
  return 'open';
}

async function connect(
  counters: CounterPlace,
): Promise<{ readonly store: RateLimitStore; close(): unknown }> {
  if (counters.kind === 'storage') {
    const storage = openStorage(counters.place);
    return { store: storage.rateLimits, close: () => storage.close() };
  }
  const clients = { ...singleClients, ...clusterClients };
  const opened = await clients[counters.client]?.(counters.urls);
  if (!opened) throw new Error(`no client is called ${counters.client}`);
  return { store: redisRateLimitStore({ client: opened.client }), close: opened.close };
}

async function charge({ way, partition, limit, costs, atOnce }: Charges): Promise<ChargeReport> {
  const counters = store;
  if (!counters) throw new Error('no store is open');
  const consume = (cost: number, most: number | null) =>
    counters.consume({
      partition,
      windows: counterKeys.map((key, index) => ({
        key,
        cost,
        limit: index === 0 ? most : null,
        keepMs: 3_600_000,
      })),
    });
  const peer =
    way === 'rate-limiter-flexible' && place ? await openPeer(place, limit, true) : undefined;
  const ways = {
    'rate-limiter-flexible': async (cost: number) => ({
      allowed: (await peer?.consume(partition, cost)) ?? false,
    }),
    atomic: (cost: number) => consume(cost, limit),
    'check then record': async (cost: number) => {
      const [used = 0] = await counters.get(partition, counterKeys);
      return used + cost <= limit ? consume(cost, null) : { allowed: false };
    },
  };
  let units = 0;
  let refused = 0;
  const waiting = [...costs];
  const run = async () => {
    for (let cost = waiting.pop(); cost !== undefined; cost = waiting.pop()) {
      if ((await ways[way](cost)).allowed) units += cost;
      else refused += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  await peer?.close();
  return { units, refused };
}

async function obey(command: ChargeCommand): Promise<unknown> {
  switch (command.do) {
    case 'open':
      return open(command.counters);
    case 'charge':
      return charge(command);
    case 'close':
      await close();
      return 'closed';
  }
}

process.on('message', async (command: ChargeCommand) => {
  process.send?.(await obey(command));
});
process.send?.('ready');
