/**
 * Usage counters in Redis, for hosts that count more than their database should write.
 *
 * @module
 */
import type { RateLimitStore, UsageWindow } from '../../../src/index.ts';
import { chargeScript } from './charge-script.ts';
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

/**
 * Counts usage in Redis 6.2 or newer, one server or a cluster. A charge is one script, so it counts
 * in all windows or in none; the counters of an organization share a slot. Every counter expires.
 *
 * Throws `invalid_options`. A call rejects with the client's error when Redis cannot answer; whether
 * its charge has counted is then unknown.
 *
 * @example
 * import { redisRateLimitStore } from 'org-user-manager/redis';
 * import { createClient } from 'redis';
 *
 * const client = createClient({ url: process.env.REDIS_URL, disableOfflineQueue: true });
 * await client.connect();
 * const rateLimitStore = redisRateLimitStore({ client });
 */
export function redisRateLimitStore(options: RedisRateLimitStoreOptions): RateLimitStore {
  const { client, keyPrefix } = parseOptions(options);
  const commands = commandsOf(client);
  return {
    async consume({ partition, windows }) {
      const keys = windows.map(({ key }) => counterKey(keyPrefix, partition, key));
      const [allowed, ...used] = await commands.run(chargeScript, keys, toArguments(windows));
      return { allowed: allowed === 1, used };
    },
    async get(partition, keys) {
      if (keys.length === 0) return [];
      return commands.read(keys.map((key) => counterKey(keyPrefix, partition, key)));
    },
  };
}

function toArguments(windows: readonly UsageWindow[]): string[] {
  const values: string[] = [];
  for (const { cost, limit, expiresAt } of windows) {
    // Redis takes no other expiry, and says so in the middle of the script.
    const end = Math.max(1, Math.ceil(expiresAt));
    values.push(String(cost), String(limit ?? Number.MAX_SAFE_INTEGER), String(end));
  }
  return values;
}
