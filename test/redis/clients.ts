import { Cluster, Redis } from 'ioredis';
import type { RedisClient } from 'org-user-manager/redis';
import { createClient, createCluster } from 'redis';

/** A client of a library, and how it ends. */
export interface OpenClient {
  readonly client: RedisClient;
  close(): unknown;
}

/** Where a client goes instead of the address that a cluster tells it. */
export type Detours = Readonly<Record<string, { readonly host: string; readonly port: number }>>;

/** Connects a client to the servers of these URLs. */
export type OpenRedis = (urls: readonly string[], detours?: Detours) => Promise<OpenClient>;

const ignore = () => undefined;

/** Clients of one server, set up as our guide says: nothing waits in them, nothing is sent twice. */
export const singleClients: Readonly<Record<string, OpenRedis>> = {
  'node-redis': async ([url = '']) => {
    const client = createClient({ url, disableOfflineQueue: true });
    client.on('error', ignore);
    await client.connect();
    return { client, close: () => client.destroy() };
  },
  ioredis: (urls) => openIoredis(urls, false),
  'ioredis, pipelining': (urls) => openIoredis(urls, true),
};

async function openIoredis(
  [url = '']: readonly string[],
  enableAutoPipelining: boolean,
): Promise<OpenClient> {
  const client = new Redis(url, {
    enableAutoPipelining,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    lazyConnect: true,
  });
  client.on('error', ignore);
  await client.connect();
  return { client, close: () => client.disconnect() };
}

/** Clients of a cluster, set up likewise. */
export const clusterClients: Readonly<Record<string, OpenRedis>> = {
  'node-redis cluster': async (urls, nodeAddressMap = {}) => {
    const client = createCluster({
      rootNodes: urls.map((url) => ({ url })),
      defaults: { disableOfflineQueue: true },
      nodeAddressMap,
    });
    client.on('error', ignore);
    await client.connect();
    return { client, close: () => client.destroy() };
  },
  'ioredis cluster': (urls, detours) => openIoredisCluster(urls, false, detours),
  'ioredis cluster, pipelining': (urls, detours) => openIoredisCluster(urls, true, detours),
};

async function openIoredisCluster(
  urls: readonly string[],
  enableAutoPipelining: boolean,
  natMap: Detours = {},
): Promise<OpenClient> {
  const client = new Cluster([...urls], {
    enableAutoPipelining,
    natMap: { ...natMap },
    enableOfflineQueue: false,
    retryDelayOnFailover: 0,
    lazyConnect: true,
  });
  client.on('error', ignore);
  await client.connect();
  return { client, close: () => client.disconnect() };
}
