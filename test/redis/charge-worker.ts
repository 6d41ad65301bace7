// Runs in a process of its own, without a build: it imports the source by path.
import { once } from 'node:events';
import process from 'node:process';
import { redisRateLimitStore } from '../../adapters/rate-limit/redis/index.ts';
import { singleClients } from './clients.ts';

const [, , name = '', url = '', charges = ''] = process.argv;
const open = singleClients[name];
if (!open) throw new Error(`no client is called ${name}`);
const { client, close } = await open([url]);
const store = redisRateLimitStore({ client });
const expiresAt = Date.now() + 3_600_000;
const windows = [
  { key: 'month', cost: 1, limit: 5000, expiresAt },
  { key: 'activity', cost: 1, limit: null, expiresAt },
];

process.send?.('ready');
await once(process, 'message');
let allowed = 0;
const charge = async () => {
  const result = await store.consume({ partition: 'acme', windows });
  allowed += Number(result.allowed);
};
// A few at a time, as a server would.
for (let done = 0; done < Number(charges); done += 10) {
  await Promise.all(Array.from({ length: 10 }, charge));
}
close();
process.send?.({ allowed });
process.disconnect?.();
