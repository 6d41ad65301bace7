import { OrgUserManagerError } from '../../../src/index.ts';
import { isConnectFailure } from '../../../src/system/connect-failure.ts';

// What the clients say when they send nothing, because there is no connection.
const unsent = [
  // node-redis: a client, a cluster, a pool
  'The client is closed',
  'The client is offline',
  'All the root nodes are unavailable',
  'Timeout waiting for a client after',
  // ioredis
  "Stream isn't writeable and enableOfflineQueue options is false",
  "Cluster isn't ready and enableOfflineQueue options is false",
  'None of startup nodes is available',
];

// How Redis begins when it runs no script at all, or refuses the first write of one: before 7.0 after the
// place in the script. `ERR` is not among them: proxies say it of anything.
const refused =
  /(?:^|: -?)(?:LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MISCONF|OOM|BUSY) /;

/**
 * What a script rejects with after an error of the client: an `unavailable` with `done: false` when it has
 * certainly changed nothing.
 */
export function toFailure(error: unknown): unknown {
  const message = String(Object(error).message);
  const isUnsent = unsent.some((text) => message.startsWith(text));
  if (!isUnsent && !refused.test(message) && !isConnectFailure(error)) return error;
  return new OrgUserManagerError('unavailable', { done: false }, { cause: error });
}
