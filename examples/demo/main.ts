import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDemo } from './app.ts';

const folder = await mkdtemp(join(tmpdir(), 'org-user-manager-demo-'));
const filename = join(folder, 'demo.sqlite');
const server = createServer();
await new Promise<void>((resolve) => {
  server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', resolve);
});
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('not listening on a port');
const origin = `http://127.0.0.1:${address.port}`;
const demo = await createDemo(filename, origin);
server.on('request', demo.app);

console.log(`
org-user-manager demo, on SQLite in ${filename}

  App    ${origin}
  Inbox  ${origin}/inbox/
  API    ${origin}/org/api/members   (header x-demo-user: admin)

Drive a member to the 429 (80 of 100 units are used, a search costs 10):

  for i in 1 2 3; do curl -i -H 'x-demo-user: near-limit' ${origin}/search; echo; done

Stop with Ctrl+C.
`);

async function stop() {
  server.close();
  server.closeAllConnections();
  await demo.close();
  await rm(folder, { recursive: true, force: true });
}
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
