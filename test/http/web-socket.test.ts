/** A real WebSocket behind the guard, as the guide shows it: charged when it opens and for each message. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request as nodeRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type OrgUserManager, systemActor } from 'org-user-manager';
import { createUsageGuard } from 'org-user-manager/http';
import { expect, onTestFinished, test } from 'vitest';
import { orgId } from '../fixtures/team.ts';
import { openAmsterdam } from './amsterdam.ts';
import { person } from './doors.ts';
import { acceptSocket } from './web-socket.ts';

const userId = 'u_sam';

async function openServer(manager: OrgUserManager): Promise<number> {
  const guard = createUsageGuard<IncomingMessage>(manager, { identify: () => person(userId) });

  async function upgrade(request: IncomingMessage, socket: Duplex) {
    const opening = await guard(request);
    if (!opening.allowed) {
      const headers = Object.entries(opening.headers).map((header) => header.join(': '));
      const lines = [`HTTP/1.1 ${opening.status} Refused`, ...headers, 'Connection: close', '', ''];
      socket.end(lines.join('\r\n') + opening.body);
      return;
    }
    const { usage } = opening;
    const client = acceptSocket(request, socket);
    async function answer(message: string) {
      const verdict = await usage.recheck(1);
      if (verdict.allowed) client.send(`echo ${message}`);
      else client.close(1008, verdict.code);
    }
    let turn = Promise.resolve();
    client.onMessage((message) => {
      turn = turn.then(() => answer(message));
    });
  }

  const server = createServer();
  const sockets = new Set<Duplex>();
  server.on('upgrade', (request, socket) => {
    sockets.add(socket);
    upgrade(request, socket).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return Number(Object(server.address()).port);
}

/** Node's own client. */
async function connect(port: number) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const answers: string[] = [];
  socket.addEventListener('message', ({ data }) => answers.push(String(data)));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.addEventListener('close', ({ code, reason }) => resolve({ code, reason }));
  });
  await once(socket, 'open');
  return { socket, answers, closed };
}

async function open() {
  const place = await openAmsterdam('2026-10-25T13:20:00Z');
  const { manager, join } = place;
  await join(userId);
  const limit = (daily: number) => manager.setLimit({ orgId, actor: systemActor, userId, daily });
  const used = async () => {
    const { windows } = await manager.usage({ orgId, actor: systemActor, userId });
    return windows[0]?.used;
  };
  return { manager, limit, used, port: await openServer(manager) };
}

test('every message is charged, and the one past the limit closes the socket with 1008', async () => {
  const { limit, used, port } = await open();
  await limit(4);
  const { socket, answers, closed } = await connect(port);
  expect(await used()).toBe(1);
  for (const message of ['a', 'b', 'c']) {
    socket.send(message);
    await expect.poll(() => answers.at(-1)).toBe(`echo ${message}`);
  }
  socket.send('d');
  expect(await closed).toEqual({ code: 1008, reason: 'usage_limit_exceeded' });
  expect([answers, await used()]).toEqual([['echo a', 'echo b', 'echo c'], 4]);
});

test('of messages sent at once as many are answered as there are units', async () => {
  const { limit, used, port } = await open();
  await limit(21);
  const { socket, answers, closed } = await connect(port);
  for (let message = 0; message < 50; message += 1) socket.send(`${message}`);
  expect(await closed).toEqual({ code: 1008, reason: 'usage_limit_exceeded' });
  expect([answers.length, await used()]).toEqual([20, 21]);
});

test('disabling the member closes the socket at the next message', async () => {
  const { manager, port } = await open();
  const { socket, answers, closed } = await connect(port);
  socket.send('a');
  await expect.poll(() => answers).toEqual(['echo a']);
  await manager.disable({ orgId, actor: systemActor, userId });
  socket.send('b');
  expect(await closed).toEqual({ code: 1008, reason: 'member_disabled' });
  expect(answers).toEqual(['echo a']);
});

test('a handshake over the limit is answered with the 429 itself', async () => {
  const { limit, port } = await open();
  await limit(0);
  const outgoing = nodeRequest({
    ...{ host: '127.0.0.1', port },
    headers: {
      ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  }).end();
  const [answer] = await once(outgoing, 'response');
  expect(answer.statusCode).toBe(429);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/problem+json',
    ratelimit: '"user-day";r=0;t=38400',
  });
  expect(JSON.parse(await text(answer))).toMatchObject({
    code: 'usage_limit_exceeded',
    retryable: false,
  });
});
