/** Requests that fetch cannot represent, and sockets that are none. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import express from 'express';
import fastify from 'fastify';
import { expressFetch, expressHandler } from 'org-user-manager/express';
import { fastifyPlugin } from 'org-user-manager/fastify';
import { createHandler } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { admin, createTeam, orgId } from '../fixtures/team.ts';
import { adminIdentity, express4, listen, sendTo } from './doors.ts';

const identify = () => adminIdentity;
const expresses = [
  ['Express 4', express4],
  ['Express 5', express],
] as const;

/** A request and a response without a connection, as the adapters of serverless platforms make them. */
interface Invocation {
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface FakeSocket {
  readonly name: string;
  /** Connects the response to something that keeps what is written. */
  connect(response: ServerResponse, keep: (chunk: unknown) => void): void;
}

const fakeSockets: readonly FakeSocket[] = [
  {
    name: 'a socket that takes writes and says nothing',
    connect(response, keep) {
      const ignore = () => undefined;
      const members = { on: ignore, removeListener: ignore, destroy: ignore, cork: ignore };
      const socket = Object.assign(Object.create(null), members, {
        uncork: ignore,
        writable: true,
        _writableState: {},
        write: keep,
      });
      response.assignSocket(socket);
    },
  },
  {
    name: 'a socket whose writes never are through',
    connect(response, keep) {
      const sink = new Writable({ highWaterMark: 16, write: keep, writev: keep });
      response.assignSocket(Object.setPrototypeOf(sink, Writable.prototype));
    },
  },
];

function invoke(
  app: express.Express,
  { connect }: FakeSocket,
  { method = 'GET', url, headers = {}, body }: Invocation,
) {
  const request = new IncomingMessage(new Socket());
  const length = body === undefined ? {} : { 'content-length': `${body.length}` };
  Object.assign(request, { method, url, complete: true });
  Object.assign(request.headers, { 'content-type': 'application/json', ...length, ...headers });
  request._read = () => {
    if (body !== undefined) request.push(body);
    request.push(null);
  };
  const response = new ServerResponse(request);
  // A platform takes the answer as one piece.
  response.useChunkedEncodingByDefault = false;
  let written = '';
  const keep = (chunk: unknown) => {
    const parts = Array.isArray(chunk) ? chunk.map((part) => part.chunk) : [chunk];
    for (const part of parts) written += Buffer.from(part);
  };
  connect(response, keep);
  app(request, response);
  // What a platform waits for.
  return () => (response.writableEnded ? written : '');
}

describe.each(expresses)('%s', (_, create) => {
  async function open() {
    const { manager, ...team } = await createTeam(memoryStorage());
    const app = create();
    const failed = vi.fn();
    const mount = (path: string, middleware: ReturnType<typeof expressFetch>) =>
      app.use(path, (req, res) =>
        middleware(req, res, (error) => {
          failed(error);
          res.status(500).end();
        }),
      );
    mount('/org', expressHandler(manager, { identify }));
    mount(
      '/fetch',
      expressFetch(async (request) => {
        const headers = { 'x-seen': request.headers.get('x-name') ?? 'none' };
        return new Response('z'.repeat(100_000), { headers });
      }),
    );
    return { ...team, manager, app, failed };
  }

  test.each(fakeSockets)('answers on $name', async (socket) => {
    const { app, manager, join } = await open();
    await join('u_sam');
    const me = invoke(app, socket, { url: '/org/api/me' });
    await expect.poll(me).toMatch(/^HTTP\/1\.1 200[\s\S]*"userId":"u_admin"/);
    const script = invoke(app, socket, { url: '/org/join.js' });
    await expect.poll(script).toMatch(/\}\)\(\);\n$/);
    const limited = invoke(app, socket, {
      method: 'POST',
      url: '/org/api/members/u_sam/set-limit',
      body: '{"daily":0}',
    });
    await expect.poll(limited).toContain('"daily":0');
    const { limit } = await manager.member({ orgId, actor: admin, userId: 'u_sam' });
    expect(limit).toMatchObject({ daily: 0 });
  });

  test('answers with what a fetch handler made, on a socket that says nothing', async () => {
    const { app } = await open();
    const [silent] = fakeSockets;
    if (!silent) throw new Error('no socket');
    const answer = invoke(app, silent, { url: '/fetch' });
    await expect.poll(() => answer().split('z').length).toBe(100_001);
  });

  test.each([
    ['x-name', 'Łukasz Ω'],
    ['x-emoji', '\u{1f600}'],
    ['x-line', 'a\r\nb'],
    ['no name', 'x'],
    ['', 'x'],
    [':path', '/'],
  ])('takes a header that fetch cannot hold: %j', async (name, value) => {
    const { app, failed } = await open();
    const [socket] = fakeSockets;
    if (!socket) throw new Error('no socket');
    for (const url of ['/org/api/me', '/fetch']) {
      const answer = invoke(app, socket, { url, headers: { [name]: value } });
      await expect.poll(answer).toMatch(/^HTTP\/1\.1 200/);
    }
    expect(failed).not.toHaveBeenCalled();
  });

  test.each([
    ['cookie', 'session=Ω', { 'sec-fetch-site': 'cross-site' }],
    ['origin', 'https://Ω.example.org', { cookie: 'session=1' }],
    ['sec-fetch-site', 'Ω', { cookie: 'session=1' }],
  ])('never takes such a %s for none', async (name, value, others) => {
    const { app } = await open();
    const [socket] = fakeSockets;
    if (!socket) throw new Error('no socket');
    const answer = invoke(app, socket, {
      method: 'POST',
      url: '/org/api/consume',
      headers: { ...others, [name]: value },
    });
    await expect.poll(answer).toMatch(/^HTTP\/1\.1 403[\s\S]*cross_site_request/);
  });

  test.each(['TRACE', 'OPTIONS', 'PROPFIND', 'PUT', 'DELETE', 'SEARCH'])(
    'answers %s with 405 and Allow',
    async (method) => {
      const { app, failed } = await open();
      const send = sendTo(await listen(app));
      expect(await send(method, '/org/api/me')).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD' },
        body: { code: 'method_not_allowed' },
      });
      expect(await send(method, '/org/api/consume')).toMatchObject({
        status: 405,
        headers: { allow: 'POST' },
      });
      expect(await send(method, '/org/nowhere')).toMatchObject({ status: 404 });
      expect((await send(method, '/fetch')).status).toBe(200);
      expect(failed).not.toHaveBeenCalled();
    },
  );

  test.each(['TRACE', 'TRACK', 'CONNECT', 'track', 'no method', ''])(
    'answers %j of another server with 405 and Allow',
    async (method) => {
      const { app, failed } = await open();
      const [socket] = fakeSockets;
      if (!socket) throw new Error('no socket');
      const headers = { cookie: 'session=1', origin: 'https://evil.example.org' };
      const answer = invoke(app, socket, { method, url: '/org/api/consume', headers });
      await expect.poll(answer).toMatch(/^HTTP\/1\.1 405[\s\S]*\r\nAllow: POST\r\n/i);
      expect(failed).not.toHaveBeenCalled();
    },
  );
});

describe('Fastify', () => {
  async function open() {
    const { manager } = await createTeam(memoryStorage());
    const app = fastify({ http2: true });
    onTestFinished(() => app.close());
    app.addHttpMethod('PROPFIND', { hasBody: true });
    const failed = vi.fn();
    app.setErrorHandler(async (error) => failed(error));
    await app.register(fastifyPlugin, { manager, identify, prefix: '/org' });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    return { failed, url };
  }

  async function ask(url: string, headers: Record<string, string>) {
    const session = connectHttp2(url);
    onTestFinished(() => session.destroy());
    const stream = session.request(headers).end();
    const answered = new Promise<Record<string, unknown>>((resolve, reject) => {
      stream.once('response', resolve).once('error', reject);
    });
    const headersOf = await answered;
    return { headers: headersOf, body: await text(stream) };
  }

  test.each(['TRACE', 'OPTIONS', 'PROPFIND', 'PUT', 'DELETE'])(
    'answers %s with 405 and Allow',
    async (method) => {
      const { failed, url } = await open();
      const answer = await ask(url, { ':method': method, ':path': '/org/api/me' });
      expect(answer).toMatchObject({ headers: { ':status': 405, allow: 'GET, HEAD' } });
      expect(failed).not.toHaveBeenCalled();
    },
  );

  test('takes headers of HTTP/2 that fetch cannot hold', async () => {
    const { failed, url } = await open();
    const answer = await ask(url, { ':path': '/org/api/me', 'x-name': 'Łukasz Ω' });
    expect(answer).toMatchObject({ headers: { ':status': 200 } });
    expect(failed).not.toHaveBeenCalled();
  });
});

test('the fetch handler answers a method that it does not know with 405 and Allow', async () => {
  const { manager } = await createTeam(memoryStorage());
  const handler = createHandler(manager, { identify });
  const url = 'https://app.acme.example.com/org/api/me';
  const request = new Request(url, { headers: { cookie: 'session=1' } });
  for (const method of ['TRACE', 'PROPFIND', 'OPTIONS']) {
    const response = await handler(
      Object.defineProperty(request, 'method', { value: method, configurable: true }),
    );
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  }
});
