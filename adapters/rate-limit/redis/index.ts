/**
 * Usage counters in Redis, for hosts that count more than their database should write.
 *
 * @module
 */
import type { ChargeRequest, ChargeResult, RateLimitStore } from '../../../src/index.ts';
import { createGroupCommit } from '../../group-commit/group-commit.ts';
import { chargeScript, chargesScript, clockScript } from './charge-script.ts';
import { toLoneCall, toResults, toScriptCall } from './charges.ts';
import { commandsOf } from './commands.ts';
import { counterKey } from './counter-key.ts';
import { parseOptions, type RedisRateLimitStoreOptions } from './options.ts';

export type {
  IoredisClient,
  NodeRedisClient,
  NodeRedisScriptCall,
  RedisClient,
} from './client.ts';
export type { RedisRateLimitStoreOptions } from './options.ts';

const groupLimits = {
  // While Redis works on one group, the next is on its way.
  flightsOfPartition: 2,
  // The keys of a script must be in one slot of a cluster, and the hash tag that decides is the partition.
  partitions: 1,
  // One connection carries them all.
  flights: Number.POSITIVE_INFINITY,
  // While a script runs, Redis serves no other client.
  calls: 64,
  size: 500,
  sizeOf: ({ windows }: ChargeRequest) => windows.length,
};

/**
 * Counts usage in Redis 6.2 or newer, one server or a cluster. A charge is one script, so it counts
 * in all windows or in none; charges of an organization that are made at once share one. The counters
 * of an organization share a slot. Every counter expires, by the clock of Redis.
 *
 * Throws `invalid_options`. A call rejects with the client's error when Redis cannot answer; whether
 * its charge has counted is then unknown. It rejects with `unavailable` and `done: false` when the charge
 * has certainly not counted: there was no connection, or Redis ran no script.
 *
 * @example
 * import { redisRateLimitStore } from 'org-user-manager/redis';
 * import { createClient } from 'redis';
 *
 * const client = createClient({ url: process.env.REDIS_URL, disableOfflineQueue: true });
 * client.on('error', (error) => console.error(error.message));
 * client.connect().catch((error) => console.error(error.message));
 * const rateLimitStore = redisRateLimitStore({ client });
 */
export function redisRateLimitStore(options: RedisRateLimitStoreOptions): RateLimitStore {
  const { client, keyPrefix } = parseOptions(options);
  const commands = commandsOf(client);
  const nameOf = (partition: string, key: string) => counterKey(keyPrefix, partition, key);
  return {
    consume: createGroupCommit<ChargeRequest, ChargeResult>({
      async run(requests, { answer }) {
        const { keys, rest } = toScriptCall(requests, nameOf);
        const results = toResults(requests, await commands.run(chargesScript, keys, rest));
        for (const [index, result] of results.entries()) answer(index, result);
      },
      async runAlone(request) {
        const { keys, rest } = toLoneCall(request, nameOf);
        const [allowed, ...used] = await commands.run(chargeScript, keys, rest);
        return { allowed: allowed === 1, used };
      },
      ...groupLimits,
    }),
    async get(partition, keys) {
      if (keys.length === 0) return [];
      return commands.read(keys.map((key) => nameOf(partition, key)));
    },
    async now() {
      const [now = Number.NaN] = await commands.run(clockScript, [nameOf('', 'clock')], []);
      return now;
    },
  };
}
