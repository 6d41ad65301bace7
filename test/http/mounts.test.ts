import { once } from 'node:events';
import { type ClientRequest, request as nodeRequest } from 'node:http';
import { connect } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import express from 'express';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { expressFetch, expressHandler, expressUsageGuard } from 'org-user-manager/express';
import { type FastifyUsageGuard, fastifyPlugin, fastifyUsageGuard } from 'org-user-manager/fastify';
import { createHandler, createMountedHandler, type Identity } from 'org-user-manager/http';
import { inboxMailer } from 'org-user-manager/inbox-mailer';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTeam } from '../fixtures/team.ts';
import { adminIdentity, listen, person, sendTo } from './doors.ts';

const identify = () => adminIdentity;

describe('expressFetch', () => {
  /** An application with one fetch-style handler at `/mounted`. */
  async function mounted(handler: (request: Request) => Promise<Response>) {
    const errors: unknown[] = [];
    const app = express();
    app.use((_req, res, next) => {
      res.setHeader('set-cookie', 'host=1');
      res.setHeader('x-host', 'yes');
      next();
    });
    const middleware = expressFetch(handler);
    app.use('/mounted', (req, res) =>
      middleware(req, res, (error) => {
        errors.push(error);
        res.status(500).end('host');
      }),
    );
    const port = await listen(app);
    return { port, send: sendTo(port), errors };
  }

  test('hands over method, whole path, headers and body, and never the Host header', async () => {
    const { send } = await mounted(async (request) =>
      Response.json({
        method: request.method,
        url: request.url,
        type: request.headers.get('content-type'),
        twice: request.headers.get('x-twice'),
        body: await request.text(),
      }),
    );
    const answer = await send('PUT', '/mounted/a%2Fb/../c?d=%20e', {
      body: { f: 'ü' },
      headers: { host: 'evil.example.org', 'x-twice': '1, 2' },
    });
    expect(answer.body).toEqual({
      method: 'PUT',
      url: 'http://localhost/mounted/c?d=%20e',
      type: 'application/json',
      twice: '1, 2',
      body: '{"f":"ü"}',
    });
    expect(await send('GET', '//mounted/x')).toMatchObject({ status: 404 });
  });

  test('keeps every cookie, the host’s own headers, and empty answers empty', async () => {
    const { send } = await mounted(async () => {
      const headers = new Headers({ 'x-own': '1' });
      headers.append('set-cookie', 'a=1; Path=/');
      headers.append('set-cookie', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT');
      return new Response(null, { status: 204, headers });
    });
    expect(await send('GET', '/mounted')).toMatchObject({
      status: 204,
      headers: {
        'x-host': 'yes',
        'x-own': '1',
        'set-cookie': ['host=1', 'a=1; Path=/', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT'],
      },
      body: '',
    });
  });

  test('takes a long body at the pace of the handler', async () => {
    const length = 16 * 2 ** 20;
    const ready = signal();
    let taken = 0;
    const app = express();
    const middleware = expressFetch(async (request) => {
      await ready.given;
      return new Response(`${(await request.arrayBuffer()).byteLength}`);
    });
    app.post('/mounted', (req, res, next) => {
      setTimeout(() => {
        taken = req.socket.bytesRead;
        ready.give();
      }, 100);
      return middleware(req, res, next);
    });
    const body = 'x'.repeat(length);
    const answer = await sendTo(await listen(app))('POST', '/mounted', { body });
    expect(answer).toMatchObject({ status: 200, body: `${length}` });
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(length / 4);
  });

  test('streams, and stops when the client is gone', async () => {
    const cancelled = signal();
    const aborted = signal();
    const { port, errors } = await mounted(async (request) => {
      request.signal.addEventListener('abort', () => aborted.give());
      const body = new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(2 ** 16)),
        cancel: () => cancelled.give(),
      });
      return new Response(body);
    });
    const outgoing = nodeRequest({ host: '127.0.0.1', port, path: '/mounted' }).end();
    const [incoming] = await once(outgoing, 'response');
    await once(incoming, 'data');
    outgoing.destroy();
    await Promise.all([cancelled.given, aborted.given]);
    expect(errors).toEqual([]);
  });

  test.each([
    ['before it begins', 0],
    ['half-way', 1],
    ['behind what the client has not taken', 64],
  ])('a body that fails %s is an error, and never an answer', async (_, parts) => {
    const fault = new Error('broken');
    let pulled = 0;
    const { port, errors } = await mounted(async () => {
      const body = new ReadableStream({
        pull(controller) {
          pulled += 1;
          if (pulled > parts) controller.error(fault);
          else controller.enqueue(new Uint8Array(2 ** 16));
        },
      });
      return new Response(body);
    });
    const outgoing = nodeRequest({ host: '127.0.0.1', port, path: '/mounted' }).end();
    const [incoming] = await once(outgoing, 'response');
    const received = buffer(incoming);
    if (parts === 0) {
      expect(incoming.statusCode).toBe(500);
      expect(String(await received)).toBe('host');
    } else {
      await expect(received).rejects.toMatchObject({ code: 'ECONNRESET' });
    }
    expect(errors).toMatchObject([{ code: 'internal' }]);
    expect(Object(errors[0]).cause).toBe(fault);
  });

  test('gives errors to the host', async () => {
    const fault = new Error('broken');
    const { send, errors } = await mounted(() => Promise.reject(fault));
    expect(await send('GET', '/mounted')).toMatchObject({ status: 500, body: 'host' });
    expect(errors).toMatchObject([{ code: 'internal', status: 500 }]);
    expect(Object(errors[0]).cause).toBe(fault);
  });

  test('shows the inbox', async () => {
    const { send } = await mounted(inboxMailer().handler);
    expect(await send('GET', '/mounted')).toMatchObject({
      status: 307,
      headers: { location: './mounted/' },
    });
    expect(await send('GET', '/mounted/messages.json')).toMatchObject({ body: { messages: [] } });
  });
});

describe('a body that is too large or cut off', () => {
  async function start(headers: Record<string, string>) {
    const { manager, errors } = await createTeam(memoryStorage());
    const asked = signal();
    const closed = signal();
    const app = express();
    app.use((_req, res, next) => {
      res.once('close', closed.give);
      next();
    });
    const observed = () => {
      asked.give();
      return adminIdentity;
    };
    app.use('/org', expressHandler(manager, { identify: observed }));
    const port = await listen(app);
    const outgoing = nodeRequest({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/org/api/invitations/bulk-extract',
      headers: { 'content-type': 'application/json', ...headers },
    });
    return { outgoing, errors, send: sendTo(port), asked, closed };
  }

  test('the 413 arrives, and the connection goes on', async () => {
    const { outgoing, send } = await start({});
    const answered = answerTo(outgoing);
    for (let sent = 0; sent < 4 * 2 ** 20; sent += 2 ** 16)
      outgoing.write(Buffer.alloc(2 ** 16, 32));
    outgoing.end();
    expect(await answered).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    expect(await send('GET', '/org/api/me')).toMatchObject({ status: 200 });
  });

  test('a client that leaves is no fault of the server', async () => {
    const { outgoing, errors, send, asked, closed } = await start({ 'content-length': '100' });
    outgoing.on('error', () => undefined);
    outgoing.write('{');
    await asked.given;
    outgoing.destroy();
    await closed.given;
    expect(await send('GET', '/org/api/me')).toMatchObject({ status: 200 });
    expect(errors).toEqual([]);
  });
});

describe('the Express guard', () => {
  test('gives failures to the host and goes no further', async () => {
    const { manager } = await createTeam(memoryStorage());
    const fault = new Error('session store is down');
    const reached = vi.fn();
    const app = express();
    const guard = expressUsageGuard(manager, { identify: () => Promise.reject(fault) });
    app.get('/search', (req, res) =>
      guard(req, res, (error) => {
        if (error === undefined) reached();
        res.status(503).end(Object(error).cause === fault ? 'host' : 'other');
      }),
    );
    expect(await sendTo(await listen(app))('GET', '/search')).toMatchObject({
      status: 503,
      body: 'host',
    });
    expect(reached).not.toHaveBeenCalled();
  });

  test('is silent when something else has answered already', async () => {
    const { manager } = await createTeam(memoryStorage());
    const next = vi.fn();
    const app = express();
    const guard = expressUsageGuard(manager, {
      identify: (req: express.Request) => {
        req.res?.status(504).end('too late');
        return null;
      },
    });
    app.get('/search', (req, res) => guard(req, res, next));
    expect(await sendTo(await listen(app))('GET', '/search')).toMatchObject({
      status: 504,
      body: 'too late',
    });
    expect(next).not.toHaveBeenCalled();
  });

  test('charges once for each request', async () => {
    const { manager } = await createTeam(memoryStorage());
    const app = express();
    app.get('/search', expressUsageGuard(manager, { identify }), (_req, res) => {
      res.end('ok');
    });
    const send = sendTo(await listen(app));
    for (let i = 0; i < 3; i += 1) await send('GET', '/search');
    const { userId } = adminIdentity;
    const report = await manager.usage({ orgId: 'acme', actor: { userId }, userId });
    expect(report.windows[0]?.used).toBe(3);
  });
});

describe('the Fastify guard', () => {
  test('is silent when something else has answered already', async () => {
    const { manager } = await createTeam(memoryStorage());
    const complaints: string[] = [];
    const reached = vi.fn();
    const answered = signal();
    const app = fastify({
      logger: { level: 'warn', stream: { write: (l) => complaints.push(l) } },
    });
    onTestFinished(() => app.close());
    app.addHook('onRequest', async (_request, reply) => {
      setImmediate(() => reply.code(504).send('too late'));
    });
    app.addHook('onResponse', async () => answered.give());
    const guarded = signal();
    const guard = fastifyUsageGuard(manager, { identify: () => answered.given.then(() => null) });
    const preHandler = async (request: FastifyRequest, reply: FastifyReply) => {
      const outcome = await Reflect.apply(guard, app, [request, reply]);
      guarded.give();
      return outcome;
    };
    app.get('/search', { preHandler }, async () => reached());
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    expect(await sendTo(Number(new URL(url).port))('GET', '/search')).toMatchObject({
      status: 504,
      body: 'too late',
    });
    await guarded.given;
    expect(complaints).toEqual([]);
    expect(reached).not.toHaveBeenCalled();
  });

  test.each([
    ['at once', (identity: Identity | null) => identity],
    ['later', async (identity: Identity | null) => identity],
  ])('awaited in a hook of the host, with an identity that is there %s', async (_, whenever) => {
    const { manager } = await createTeam(memoryStorage());
    const { userId } = adminIdentity;
    await manager.setLimit({ orgId: 'acme', actor: { userId }, userId, daily: 1 });
    const app = fastify();
    onTestFinished(() => app.close());
    const identify = ({ headers }: FastifyRequest) =>
      whenever(headers.authorization ? adminIdentity : null);
    const guard = fastifyUsageGuard(manager, { identify });
    let reached = 0;
    const preHandler = async (request: FastifyRequest, reply: FastifyReply) => {
      await guard(request, reply);
      if (!reply.sent) reached += 1;
    };
    app.get('/search', { preHandler }, async () => 'found');
    const ask = (headers: Readonly<Record<string, string>>) =>
      app.inject({ url: '/search', headers });
    expect(await ask({})).toMatchObject({ statusCode: 401 });
    expect(await ask({ authorization: 'x' })).toMatchObject({ statusCode: 200, body: 'found' });
    expect(await ask({ authorization: 'x' })).toMatchObject({ statusCode: 429 });
    expect(reached).toBe(1);
  });

  test.each([
    ['a hook', (guard: FastifyUsageGuard) => guard],
    [
      'a promise in another hook',
      (guard: FastifyUsageGuard) => async (request: FastifyRequest, reply: FastifyReply) =>
        void (await guard(request, reply)),
    ],
  ])('as %s answers 500 without the message when `identify` throws', async (_, toHook) => {
    const { manager } = await createTeam(memoryStorage());
    const app = fastify();
    onTestFinished(() => app.close());
    const fault = new Error('no sessions at db.acme.example.com');
    const guard = fastifyUsageGuard(manager, {
      identify: () => {
        throw fault;
      },
    });
    const reached = vi.fn();
    const errors: unknown[] = [];
    app.addHook('onError', async (_request, _reply, error) => void errors.push(error.cause));
    app.get('/search', { preHandler: toHook(guard) }, async () => reached());
    const { statusCode, body } = await app.inject('/search');
    expect(statusCode).toBe(500);
    expect(JSON.parse(body)).toEqual({
      statusCode: 500,
      code: 'internal',
      error: 'Internal Server Error',
      message: 'Internal error',
    });
    expect(errors).toEqual([fault]);
    expect(reached).not.toHaveBeenCalled();
  });
});

test.each(['Express', 'Fastify'])(
  'a client that leaves while %s guards it is charged, and no fault',
  async (framework) => {
    const { manager, errors } = await createTeam(memoryStorage());
    const asked = signal();
    const gone = signal();
    const reached = signal();
    const identify = async () => {
      asked.give();
      await gone.given;
      return adminIdentity;
    };
    const open = {
      async Express() {
        const app = express();
        app.get('/search', expressUsageGuard(manager, { identify }), (_req, res) => {
          res.end();
          reached.give();
        });
        return listen((req, res) => {
          res.once('close', gone.give);
          app(req, res);
        });
      },
      async Fastify() {
        const app = fastify();
        onTestFinished(() => app.close());
        app.addHook('onRequest', async (_request, reply) => {
          reply.raw.once('close', gone.give);
        });
        const preHandler = fastifyUsageGuard(manager, { identify });
        app.get('/search', { preHandler }, async () => reached.give());
        return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
      },
    };
    const port = await Reflect.get(open, framework)();
    const outgoing = nodeRequest({ host: '127.0.0.1', port, path: '/search' }).end();
    outgoing.on('error', () => undefined);
    await asked.given;
    outgoing.destroy();
    await reached.given;
    const { userId } = adminIdentity;
    const report = await manager.usage({ orgId: 'acme', actor: { userId }, userId });
    expect(report.windows[0]?.used).toBe(1);
    expect(errors).toEqual([]);
  },
);

describe('the Fastify plugin', () => {
  async function start(prefix: string) {
    const { manager } = await createTeam(memoryStorage());
    const app = fastify({ routerOptions: { ignoreTrailingSlash: true } });
    onTestFinished(() => app.close());
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('x-host', 'yes');
    });
    await app.register(fastifyPlugin, {
      manager,
      identify: ({ headers }) => (headers.authorization ? person('u_admin') : null),
      prefix,
    });
    const preHandler = fastifyUsageGuard(manager, { identify: () => null });
    app.get('/search', { preHandler }, async () => 'reached');
    app.post('/echo', async ({ body }) => body);
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    return { send: sendTo(Number(new URL(url).port)) };
  }

  test('leaves the rest of the application alone and runs its hooks', async () => {
    const { send } = await start('/org');
    expect(await send('POST', '/echo', { body: { a: 1 } })).toMatchObject({ body: { a: 1 } });
    expect(
      await send('POST', '/echo', { body: 'a', headers: { 'content-type': 'text/x' } }),
    ).toMatchObject({ status: 415, body: { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE' } });
    expect(await send('GET', '/org/api/me', { headers: { authorization: 'x' } })).toMatchObject({
      status: 200,
      headers: { 'x-host': 'yes' },
      body: { userId: 'u_admin' },
    });
    expect(await send('GET', '/org/api/me')).toMatchObject({ status: 401 });
  });

  test('may stand behind a prefix with parameters, or none', async () => {
    for (const [prefix, path] of [
      ['/t/:tenant/org', '/t/a%2Fb/org/api/me?x=/y/z'],
      ['', '/api/me?x=/y/z'],
    ] as const) {
      const { send } = await start(prefix);
      expect(await send('GET', path, { headers: { authorization: 'x' } })).toMatchObject({
        status: 400,
        body: { issues: [{ path: 'x', message: 'is not known' }] },
      });
    }
  });

  test('does not start without identify', async () => {
    const { manager } = await createTeam(memoryStorage());
    const app = fastify();
    onTestFinished(() => app.close());
    const register = async () => app.register(fastifyPlugin, Object({ manager }));
    await expect(register()).rejects.toMatchObject({ code: 'invalid_options' });
  });

  test('keeps the guard in front of every spelling of the path', async () => {
    const { send } = await start('/org');
    for (const path of ['/search', '/search/', '/%73earch', '/search?x=1', '/search#x']) {
      const { status, body } = await send('GET', path);
      expect([path, status]).toEqual([path, 401]);
      expect(body).toMatchObject({ code: 'not_signed_in' });
    }
  });
});

describe('a mount of one’s own', () => {
  test('gives identify its subject, and takes the path as it is', async () => {
    const { manager } = await createTeam(memoryStorage());
    const handler = createMountedHandler(manager, {
      identify: ({ user }: { user: string }) => person(user),
    });
    const ask = (path: string, user: string) =>
      handler(new Request(`http://localhost${path}`), { user });
    expect((await ask('/api/me', 'u_admin')).status).toBe(200);
    expect((await ask('/api/me', 'u_x')).status).toBe(403);
    expect((await ask('/org/api/me', 'u_admin')).status).toBe(404);
  });

  test('a fetch handler works below its base path and where that is cut off', async () => {
    const { manager } = await createTeam(memoryStorage());
    const handler = createHandler(manager, { identify });
    const ask = async (path: string) =>
      (await handler(new Request(`https://app.acme.example.com${path}`))).status;
    expect(await ask('/org/api/me')).toBe(200);
    expect(await ask('/api/me')).toBe(200);
    expect(await ask('/organization/api/me')).toBe(404);
    expect(await ask('/org')).toBe(404);
  });
});

test('an absolute or odd request target reaches no other path', async () => {
  const { manager } = await createTeam(memoryStorage());
  const app = express();
  app.use(expressHandler(manager, { identify }));
  const port = await listen(app);
  for (const target of ['http://evil.example.org/api/me', '//evil.example.org/api/me', '*']) {
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect([target, (await text(socket)).split('\r\n')[0]]).toEqual([
      target,
      expect.stringMatching(/ 40[04] /),
    ]);
  }
});

/** Something that a test waits for. */
function signal() {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

async function answerTo(outgoing: ClientRequest) {
  const [incoming] = await once(outgoing, 'response');
  return { status: incoming.statusCode, body: JSON.parse(await text(incoming)) };
}
