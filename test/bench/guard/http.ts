import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { quantile } from '../extract/measure.ts';
import { userOf } from './subjects.ts';

const connections = 32;
const roundMs = 400;

interface Server {
  readonly name: string;
  readonly port: number;
  readonly child: ChildProcess;
  readonly agent: Agent;
  /** CPU microseconds of the server for each request, and requests a second, of every round. */
  readonly cpu: number[];
  readonly rate: number[];
}

async function start(framework: string, name: string): Promise<Server> {
  const child = fork(new URL('server.ts', import.meta.url), [framework, name]);
  const [{ port }] = await once(child, 'message');
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return { name: `${framework} ${name}`, port, child, agent, cpu: [], rate: [] };
}

async function cpuOf({ child }: Server): Promise<number> {
  child.send('cpu');
  const [{ cpu }] = await once(child, 'message');
  return cpu;
}

function ask({ port, agent }: Server, n: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/search', agent };
    get({ ...options, headers: { 'x-user': userOf(n) } }, (incoming) => {
      incoming.resume().once('end', resolve);
      if (incoming.statusCode !== 200) reject(new Error(`status ${incoming.statusCode}`));
    }).once('error', reject);
  });
}

async function round(server: Server): Promise<void> {
  const before = await cpuOf(server);
  const startedAt = performance.now();
  let answered = 0;
  const line = async () => {
    while (performance.now() - startedAt < roundMs) {
      await ask(server, answered);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, line));
  server.cpu.push(((await cpuOf(server)) - before) / answered);
  server.rate.push(answered / ((performance.now() - startedAt) / 1000));
}

/** How many times the bare application's time, round by round. */
function timesBare(server: Server, bare: Server): string {
  const shares = server.cpu.map((cpu, index) => cpu / (bare.cpu[index] ?? Number.NaN));
  const [low = 0, median = 0, high = 0] = [0.25, 0.5, 0.75].map((part) => quantile(shares, part));
  return `${median.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`;
}

const medianShare = (server: Server, bare: Server) =>
  quantile(
    server.cpu.map((cpu, index) => cpu / (bare.cpu[index] ?? Number.NaN)),
    0.5,
  );

interface Field {
  readonly bare: Server;
  readonly control: Server;
  readonly ours: Server;
  readonly peers: readonly Server[];
}

async function race({ bare, control, ours, peers }: Field, rounds: number): Promise<void> {
  const servers = [bare, control, ours, ...peers];
  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn++) {
      for (const server of servers.toSorted(() => Math.random() - 0.5)) await round(server);
    }
  };
  // The first rounds are spent on compiling.
  await turns(2);
  for (const list of servers.flatMap(({ cpu, rate }) => [cpu, rate])) list.length = 0;
  await turns(rounds);
  for (const { child } of servers) child.disconnect();
}

function tell({ bare, control, ours, peers }: Field): void {
  for (const server of [bare, control, ours, ...peers]) {
    const label = server === control ? `${server.name} again (A/A)` : server.name;
    const cpu = quantile(server.cpu, 0.5).toFixed(0).padStart(4);
    const rate = quantile(server.rate, 0.5).toFixed(0).padStart(6);
    console.log(`  ${label.padEnd(32)} ${cpu} µs  ${rate}/s  x ${timesBare(server, bare)}`);
  }
  const share = medianShare(ours, bare);
  for (const peer of peers) {
    const met = share <= medianShare(peer, bare);
    console.log(`  P5 | not above ${peer.name} | ${met ? 'met' : 'NOT MET'}`);
  }
  console.log(`  P5 | target 1.10 | ${share <= 1.1 ? 'met' : 'NOT MET'}`);
}

/** Goal P5, a smoke check: what a guard costs a server behind a real network stack. */
export async function benchHttp(rounds: number): Promise<void> {
  const opponents = { express: ['express-rate-limit', 'rlf'], fastify: ['@fastify/rate-limit'] };
  for (const [framework, names] of Object.entries(opponents)) {
    const field: Field = {
      bare: await start(framework, 'bare'),
      control: await start(framework, 'bare'),
      ours: await start(framework, 'ours'),
      peers: await Promise.all(names.map((name) => start(framework, name))),
    };
    await race(field, rounds);
    console.log(`\n${framework} over loopback, ${rounds} rounds: server CPU a request, x bare`);
    tell(field);
  }
}
