// Runs in processes of their own, without a build: it imports nothing that has to be built.
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRedis } from 'rate-limiter-flexible';
import type { CounterPlace } from './charge-commands.ts';

/** rate-limiter-flexible on the server where the counters are. */
export interface PeerLimiter {
  consume(key: string, cost: number): Promise<boolean>;
  close(): Promise<unknown>;
}

const duration = 3600;
const tableName = 'peer';

/**
 * Opens it, if it is raced on such a server. On PostgreSQL its table has to be there, or to be made by
 * one process alone.
 */
export async function openPeer(
  counters: CounterPlace,
  points: number,
  tableCreated: boolean,
): Promise<PeerLimiter> {
  if (counters.kind === 'redis') {
    const [url = ''] = counters.urls;
    const storeClient = new Redis(url);
    const limiter = new RateLimiterRedis({ storeClient, points, duration });
    return { ...consuming(limiter), close: async () => storeClient.disconnect() };
  }
  const { place } = counters;
  if (place.engine !== 'PostgreSQL') throw new Error(`no race on ${place.engine}`);
  const storeClient = new Pool({ connectionString: place.url, max: 3 });
  const options = { storeClient, points, duration, tableName, tableCreated };
  const limiter = await new Promise<RateLimiterPostgres>((resolve, reject) => {
    // Told at once, before there is a limiter, where the table is there.
    const told = (error?: unknown) => setImmediate(() => (error ? reject(error) : resolve(made)));
    const made = new RateLimiterPostgres(options, told);
  });
  return { ...consuming(limiter), close: () => storeClient.end() };
}

function consuming(limiter: RateLimiterRedis | RateLimiterPostgres): Pick<PeerLimiter, 'consume'> {
  return {
    consume: (key, cost) =>
      limiter.consume(key, cost).then(
        () => true,
        // It refuses by rejecting with what is no error.
        (refusal: unknown) => (refusal instanceof Error ? Promise.reject(refusal) : false),
      ),
  };
}
