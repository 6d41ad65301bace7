import { createClient } from 'redis';

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
