import { checkOptions, type OptionRules } from '../../../src/access/check-options.ts';
import { hasMethods } from '../../../src/access/option-rules.ts';
import type { RedisClient } from './client.ts';

/** What `redisRateLimitStore()` takes. */
export interface RedisRateLimitStoreOptions {
  /**
   * A client of the package `redis` or `ioredis`, for one server or a cluster. It may still be connecting,
   * and stays yours: it is never closed here.
   */
  readonly client: RedisClient;
  /**
   * What the names of the counters begin with: 1 to 64 letters, digits and `_ . : / -`. Default:
   * `oum:`.
   */
  readonly keyPrefix?: string | undefined;
}

const clientMethods = [
  ['evalSha', 'eval', 'mGet'],
  ['evalsha', 'eval', 'mget'],
];

const rules: OptionRules<RedisRateLimitStoreOptions> = {
  client: {
    holds: (value) => clientMethods.some((names) => hasMethods(...names).holds(value)),
    message: 'must be a client of the package redis or ioredis',
    required: true,
  },
  // No brace: the hash tag of a key is what stands in its first pair of braces.
  keyPrefix: {
    holds: (value) => typeof value === 'string' && /^[\w.:/-]{1,64}$/.test(value),
    message: 'must have 1 to 64 letters, digits and _ . : / -',
  },
};

/** Checks the options and fills in the default. Throws `invalid_options`. */
export function parseOptions(options: RedisRateLimitStoreOptions) {
  return checkOptions(options, rules, { keyPrefix: 'oum:' });
}
