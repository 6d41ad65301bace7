import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { createClient } from 'redis';

/** A Redis that belongs to a test, on a free port and with nothing in it. */
export interface OwnRedis {
  readonly port: number;
  readonly url: string;
  /** Stops answering, connections and all, until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends the process and removes its folder. */
  stop(): Promise<void>;
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = Object(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a Redis; `settings` are arguments of `redis-server`. */
export async function startRedis(settings: readonly string[] = []): Promise<OwnRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'oum-redis-'));
  const port = await freePort();
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const server = spawn('redis-server', [...place, '--save', '', ...settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await untilReady(server);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    async stop() {
      if (server.exitCode === null && server.signalCode === null) {
        const exit = once(server, 'exit');
        server.kill('SIGKILL');
        await exit;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady({ stdout }: ChildProcess): Promise<void> {
  if (!stdout) throw new Error('redis-server has no output');
  const said: string[] = [];
  for await (const line of createInterface({ input: stdout })) {
    said.push(line);
    if (line.includes('Ready to accept connections')) {
      // Whoever reads no further would make it wait one day.
      stdout.resume();
      return;
    }
  }
  throw new Error(`redis-server ended:\n${said.join('\n')}`);
}

/** A cluster that belongs to a test. */
export interface OwnCluster {
  readonly nodes: readonly OwnRedis[];
  stop(): Promise<void>;
}

// The first slot of each node, and where the last one's end.
const slots = [0, 5461, 10923, 16384];

/** Starts a Redis Cluster of three masters. */
export async function startCluster(): Promise<OwnCluster> {
  const nodes = await Promise.all(
    [0, 1, 2].map(async () => {
      const bus = String(await freePort());
      const redis = await startRedis(['--cluster-enabled', 'yes', '--cluster-port', bus]);
      const client = createClient({ url: redis.url });
      await client.connect();
      const ask = async (...command: readonly string[]) =>
        String(await client.sendCommand(['CLUSTER', ...command]));
      return { bus, redis, ask, close: () => client.close() };
    }),
  );
  for (const [index, { ask }] of nodes.entries()) {
    await ask('ADDSLOTSRANGE', String(slots[index]), String(Number(slots[index + 1]) - 1));
    for (const { redis, bus } of nodes.slice(0, index)) {
      await ask('MEET', '127.0.0.1', String(redis.port), bus);
    }
  }
  for (const { ask, close } of nodes) {
    while (!/cluster_state:ok.*cluster_size:3/s.test(await ask('INFO'))) await setTimeout(20);
    await close();
  }
  return {
    nodes: nodes.map(({ redis }) => redis),
    stop: async () => void (await Promise.all(nodes.map(({ redis }) => redis.stop()))),
  };
}
