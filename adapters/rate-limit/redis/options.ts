import { type InputIssue, OrgUserManagerError } from '../../../src/index.ts';
import type { RedisClient } from './client.ts';

/** What `redisRateLimitStore()` takes. */
export interface RedisRateLimitStoreOptions {
  /**
   * A connected client of the package `redis` or `ioredis`, for one server or a cluster. It stays
   * yours: it is never closed here.
   */
  readonly client: RedisClient;
  /**
   * What the names of the counters begin with: 1 to 64 letters, digits and `_ . : / -`. Default:
   * `oum:`.
   */
  readonly keyPrefix?: string | undefined;
}

const optionNames = ['client', 'keyPrefix'];
const clientMethods = [
  ['evalSha', 'eval', 'mGet'],
  ['evalsha', 'eval', 'mget'],
];

/** Checks the options. Throws `invalid_options`. */
export function parseOptions(options: RedisRateLimitStoreOptions) {
  const { client, keyPrefix = 'oum:', ...unknown } = options;
  const issues: InputIssue[] = Object.keys(unknown).map((path) => ({
    path,
    message: `is not an option; there are: ${optionNames.join(', ')}`,
  }));
  if (!clientMethods.some((names) => names.every((name) => isMethod(client, name)))) {
    const message = 'must be a client of the package redis or ioredis';
    issues.push({ path: 'client', message });
  }
  // No brace: the hash tag of a key is what stands in its first pair of braces.
  if (typeof keyPrefix !== 'string' || !/^[\w.:/-]{1,64}$/.test(keyPrefix)) {
    const message = 'must have 1 to 64 letters, digits and _ . : / -';
    issues.push({ path: 'keyPrefix', message });
  }
  if (issues.length > 0) throw new OrgUserManagerError('invalid_options', { issues });
  return { client, keyPrefix };
}

function isMethod(value: unknown, name: string): boolean {
  return typeof Object(value)[name] === 'function';
}
