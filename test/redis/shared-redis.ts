import { createClient } from 'redis';

/** The Redis that a run shares with whatever else is in it. */
export const redisUrl = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';

/** Whether a server is there: if not, its tests are skipped with one loud line, unless OUM_REQUIRE_SERVERS is set. */
export function isThere(isFound: boolean, name: string): boolean {
  if (isFound) return true;
  if (process.env.OUM_REQUIRE_SERVERS) throw new Error(`${name} is required`);
  console.warn(`\n!!! ${name} is not there: its tests are SKIPPED !!!\n`);
  return false;
}

/** Whether a Redis answers there. */
export async function answersAt(url: string): Promise<boolean> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => undefined);
  return client.connect().then(
    () => client.close().then(() => true),
    () => false,
  );
}

/** Every key of a server that begins so. */
export async function keysOf(url: string, prefix = ''): Promise<readonly string[]> {
  const client = createClient({ url });
  await client.connect();
  const found: string[] = [];
  for await (const keys of client.scanIterator({ MATCH: `${prefix}*` })) found.push(...keys);
  await client.close();
  return found;
}

/** Deletes every key of a server that begins so. */
export async function dropKeys(url: string, prefix: string): Promise<void> {
  const keys = await keysOf(url, prefix);
  const client = createClient({ url });
  await client.connect();
  if (keys.length > 0) await client.del([...keys]);
  await client.close();
}
