import { Redis } from 'ioredis';
import { leasedRateLimitStore } from '../../../adapters/rate-limit/leased/index.ts';
import { redisRateLimitStore } from '../../../adapters/rate-limit/redis/index.ts';
import { interleave, report } from '../invite/rounds.ts';
import { blockingRedisPeer, redisPeer } from './peers.ts';
import { match } from './speed.ts';
import { chargeBoth, charging } from './work.ts';

const url = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';

async function connect(enableAutoPipelining: boolean): Promise<Redis> {
  const client = new Redis(url, { lazyConnect: true, enableAutoPipelining, keyPrefix: '' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** One at a time, and 64 at once, each beside the peer on a client of the same settings. */
export async function benchRedis(rounds: number): Promise<void> {
  for (const pipelining of [false, true]) {
    const client = await connect(pipelining);
    const store = redisRateLimitStore({ client, keyPrefix: 'oum-bench:' });
    const peer = redisPeer(client);
    const how = pipelining ? ', pipelining' : '';
    const parts = [
      { title: 'one at a time', id: 'P7', most: 0.6, charges: 600, atOnce: 1 },
      { title: '64 at once', id: 'P8', most: 0.45, charges: 1920, atOnce: 64 },
    ];
    for (const { title, id, most, charges, atOnce } of parts) {
      await match(
        {
          title: `Redis through ioredis${how}, 10,000 users, ${title}`,
          ours: chargeBoth(store),
          peer,
          load: { users: 10_000, charges, atOnce },
          goals: [{ id, peer: 'union, day and month', by: 'wall', most }],
        },
        rounds,
      );
    }
    const leased = leasedRateLimitStore(store);
    await match(
      {
        title: `Redis through ioredis${how}, leases, 100 users, one at a time`,
        ours: chargeBoth(leased, 'leases'),
        peer,
        load: { users: 100, charges: 600, atOnce: 1 },
        goals: [],
      },
      rounds,
    );
    await leased.close?.();
    client.disconnect();
  }
}

/** P14: what it costs to refuse a user who is known to be over the limit. */
export async function benchRefusals(rounds: number): Promise<void> {
  const client = await connect(false);
  const store = leasedRateLimitStore(redisRateLimitStore({ client, keyPrefix: 'oum-bench:' }));
  const keepMs = 3_600_000;
  const refused = () =>
    store.consume({
      partition: `refused-${process.pid}`,
      windows: [
        { key: 'u/day', cost: 1, limit: 2, keepMs },
        { key: 'u/month', cost: 1, limit: 1e9, keepMs },
      ],
    });
  const blocked = blockingRedisPeer(client);
  const key = `blocked-${process.pid}`;
  for (let call = 0; call < 4; call += 1) await Promise.all([refused(), blocked(key)]);
  const load = { users: 1, charges: 2000, atOnce: 1 };
  const times = await interleave(
    [
      charging('ours, leased', refused, load),
      charging('in-memory block', () => blocked(key), load),
      charging('in-memory block again', () => blocked(key), load),
    ],
    rounds,
  );
  report('refusals decided in the process', times, [
    { id: 'P14', ours: 'ours, leased', peer: 'in-memory block', by: 'cpu', most: 1 },
    { id: 'A/A', ours: 'in-memory block again', peer: 'in-memory block', by: 'cpu' },
  ]);
  await store.close?.();
  client.disconnect();
}
