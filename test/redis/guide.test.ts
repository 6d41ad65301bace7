/** What the guide prints, started while no Redis is there: the application runs, and goes on by itself. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from 'redis';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../fixtures/free-port.ts';
import { openServerLine, type ServerLine } from '../fixtures/server-line.ts';
import { needing } from '../fixtures/servers.ts';
import { root } from '../package/pack.ts';
import { extractCodeBlocks } from '../readme/extract-code-blocks.ts';
import { hostFolder } from '../readme/host-folder.ts';
import { startProgram } from '../readme/start-program.ts';
import { startRedis } from './own-redis.ts';

const guide = 'adapters/rate-limit/README.md';
const blocks = extractCodeBlocks(readFileSync(join(root, guide), 'utf8'), guide);

/** The guide's block that makes its client so. */
const printed = (makes: string) =>
  blocks.find(({ code }) => code.includes(makes))?.code ?? expect.fail(`no block has ${makes}`);

// The options that the guide takes for granted.
const options = `
import { randomBytes } from 'node:crypto';
import { memoryStorage } from 'org-user-manager/memory';

const options = {
  storage: memoryStorage(),
  mailer: { send: async () => undefined },
  secret: randomBytes(32).toString('base64'),
  baseUrl: 'https://app.example.com/org',
};
`;

// For a block that ends with the store.
const withManager = `
import { OrgUserManager } from 'org-user-manager';

const manager = new OrgUserManager({ ...options, rateLimitStore, onStoreError: 'closed' });
`;

// An application that charges for each request.
const application = `
import { createServer } from 'node:http';

await manager.migrate();
const admin = { userId: 'u_1', email: 'admin@example.com' };
await manager.createOrganization({ orgId: 'acme', name: 'Acme', admin });
createServer(async (_request, response) => {
  const answer = await manager.consume({ orgId: 'acme', userId: 'u_1' }).then(
    ({ allowed }) => String(allowed),
    ({ code }) => String(code),
  );
  response.end(answer);
}).listen(3000);
`;

/** A way to a Redis, or to a cluster of one, on which nobody answers yet. */
async function openClosedLine(isCluster: boolean): Promise<ServerLine> {
  const bus = ['--cluster-port', String(await freePort()), '--cluster-announce-ip', '127.0.0.1'];
  const redis = await startRedis(isCluster ? ['--cluster-enabled', 'yes', ...bus] : []);
  onTestFinished(() => redis.stop());
  if (isCluster) {
    const client = createClient({ url: redis.url });
    await client.connect();
    await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
    await client.close();
  }
  const line = await openServerLine(redis.port);
  onTestFinished(() => line.close());
  await line.cut();
  return line;
}

describe('the guide with no Redis there', needing('redis-server'), () => {
  test.each([
    ['node-redis', 'createClient(', ''],
    ['ioredis', 'new Redis(', ''],
    ['a cluster of node-redis', 'createCluster(', withManager],
  ])('starts, answers, and counts once there is one: %s', async (name, makes, manager) => {
    const line = await openClosedLine(name.includes('cluster'));
    vi.stubEnv('REDIS_URL', `redis://127.0.0.1:${line.port}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const folder = await hostFolder();
    const program = [options, printed(makes), manager, application].join('\n');
    await writeFile(join(folder, 'program.mts'), program);
    const { ports, stop } = await startProgram(folder, 'program.mts');
    if (!ports) expect.fail((await stop()).output);
    const charge = async () => (await fetch(`http://127.0.0.1:${ports.actual}/`)).text();
    for (let call = 0; call < 8; call += 1) {
      const start = performance.now();
      expect(await charge()).toBe('usage_unavailable');
      // The deadline, and what a busy machine adds.
      expect(performance.now() - start).toBeLessThan(250 + 1000);
    }
    await line.restore();
    await expect.poll(charge, { timeout: 15_000, interval: 100 }).toBe('true');
  });
});
