/** What a parser of the application left in `req.body` is taken as the JSON that it came from, or refused. */
import { text } from 'node:stream/consumers';
import express from 'express';
import fastify from 'fastify';
import { expressHandler } from 'org-user-manager/express';
import { fastifyPlugin } from 'org-user-manager/fastify';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, onTestFinished, test } from 'vitest';
import { admin, createTeam, orgId } from '../fixtures/team.ts';
import { adminIdentity, doors, express4, listen, sendTo } from './doors.ts';

const path = '/org/api/members/u_sam/set-limit';
const expresses = [
  ['Express 4', express4],
  ['Express 5', express],
] as const;

/** A team whose member has a daily limit of 5, and all that the requests below could change. */
async function open() {
  const team = await createTeam(memoryStorage());
  await team.join('u_sam');
  const { manager } = team;
  const scope = { orgId, actor: admin };
  await manager.setLimit({ ...scope, userId: 'u_sam', daily: 5 });
  const state = async () => [
    (await manager.member({ ...scope, userId: 'u_sam' })).limit,
    (await manager.listInvitations(scope)).items.length,
    await manager.usage(scope),
    await manager.organization(scope),
  ];
  return { manager, state };
}

describe.each(doors)('behind $name', (door) => {
  test.each([
    [path, '{"daily":1e400}'],
    [path, '{"daily":-1e999}'],
    ['/org/api/members/u_sam/preview-limit', '{"daily":1e400}'],
    ['/org/api/organization/set-allocation', '{"daily":1e400}'],
    ['/org/api/organization/set-invite-policy', '{"limit":{"daily":1e400}}'],
    ['/org/api/invitations/invite', '{"email":"x@acme.example.com","limit":{"daily":1e400}}'],
    [path, `{"daily":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ])('%s refuses a number or a depth beyond JSON, and nothing changes', async (route, body) => {
    const { manager, state } = await open();
    const before = await state();
    const send = await door.open(manager);
    expect(await send('POST', route, { body })).toMatchObject({
      status: 400,
      body: { code: 'invalid_input' },
    });
    expect(await state()).toEqual(before);
  });
});

class Dto {
  get daily() {
    return 0;
  }
}
const circular = {};
Object.assign(circular, { daily: circular });
const trap = {
  get daily() {
    throw new Error('a getter of the application');
  },
};

const chunked = { 'transfer-encoding': 'chunked' };
const framings: readonly Readonly<Record<string, string>>[] = [{}, chunked];

// What no JSON text has.
const strangers: readonly [name: string, body: unknown][] = [
  ['NaN', { daily: Number.NaN }],
  ['undefined', { daily: undefined }],
  ['a hole in a list', { daily: Array(1) }],
  ['a function', { daily: () => 0 }],
  ['a symbol', { daily: Symbol('0') }],
  ['a big integer', { daily: 0n }],
  ['a date', { daily: new Date(0) }],
  ['a boxed number', { daily: Object(Number.NaN) }],
  ['a value with toJSON()', { daily: { toJSON: () => null } }],
  ['a map', { daily: new Map() }],
  ['an instance of a class', { daily: new Dto() }],
  ['itself', circular],
  ['a getter that throws', trap],
];
// What stands alone in `req.body`.
const alone: readonly [name: string, body: unknown][] = [
  ['a function', () => ({ daily: 0 })],
  ['a symbol', Symbol('0')],
  ['a big integer', 1n],
  ['NaN', Number.NaN],
  ['an object with toJSON()', { toJSON: () => ({}) }],
];
const nothings: readonly [name: string, body: unknown][] = [
  ['an empty string', ''],
  ['no bytes', Buffer.alloc(0)],
  ['an empty list', []],
  ['an empty map', new Map()],
  ['an empty instance', new Dto()],
  ['an empty object', {}],
];

describe.each(expresses)('a middleware of %s', (_, create) => {
  /** Reads the body, and leaves another in its place. */
  async function leave(left: unknown, identity: typeof adminIdentity | null = adminIdentity) {
    const team = await open();
    const app = create();
    app.use(async (req, _res, next) => {
      await text(req);
      req.body = left;
      next();
    });
    app.use('/org', expressHandler(team.manager, { identify: () => identity }));
    return { ...team, send: sendTo(await listen(app)) };
  }

  test.each([...strangers, ...alone])('that leaves %s gets a 400', async (_, left) => {
    const { send, state } = await leave(left);
    const before = await state();
    expect(await send('POST', path, { body: { daily: 9 } })).toMatchObject({
      status: 400,
      body: { code: 'invalid_input' },
    });
    expect(await state()).toEqual(before);
  });

  test.each(nothings)('that leaves %s has not shown the body', async (_, left) => {
    const { send, state } = await leave(left);
    const before = await state();
    for (const headers of framings) {
      expect(await send('POST', path, { body: { daily: 9 }, headers })).toMatchObject({
        status: 400,
      });
    }
    expect(await state()).toEqual(before);
  });

  test('that leaves what JSON has is believed', async () => {
    const { send, state } = await leave(Object.assign(Object.create(null), { daily: 9 }));
    expect(await send('POST', path, { body: { daily: 7 } })).toMatchObject({ status: 200 });
    expect(await state()).toMatchObject({ 0: { daily: 9 } });
  });

  test('that leaves what JSON has not comes after who is there', async () => {
    const { send } = await leave({ daily: Number.NaN }, null);
    expect(await send('POST', path, { body: { daily: 7 } })).toMatchObject({ status: 401 });
  });
});

describe('a hook of Fastify', () => {
  test.each([...nothings, ...strangers])('that leaves %s gets a 400', async (_, left) => {
    const { manager, state } = await open();
    const before = await state();
    const app = fastify();
    onTestFinished(() => app.close());
    app.addHook('preHandler', async (request) => {
      request.body = left;
    });
    await app.register(fastifyPlugin, { manager, identify: () => adminIdentity, prefix: '/org' });
    const send = sendTo(Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port));
    for (const headers of framings) {
      expect(await send('POST', path, { body: { daily: 9 }, headers })).toMatchObject({
        status: 400,
      });
    }
    expect(await state()).toEqual(before);
  });

  test('that leaves an empty object where nothing was sent does no harm', async () => {
    const { manager } = await open();
    const app = fastify();
    onTestFinished(() => app.close());
    app.addHook('preHandler', async (request) => {
      request.body ??= {};
    });
    await app.register(fastifyPlugin, { manager, identify: () => adminIdentity, prefix: '/org' });
    const send = sendTo(Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port));
    expect(await send('POST', path)).toMatchObject({ status: 200 });
  });
});

const notANumber = (_key: string, value: unknown) => (value === 9 ? Number.NaN : value);

test.each([
  ['with a reviver', { reviver: notANumber }, ['{"daily":9}', '{"daily":9e999}']],
  ['that is not strict', { strict: false }, ['{"daily":9e999}', '""', 'null', '0', '[]']],
])('a parser %s makes no limit vanish', async (_, options, bodies) => {
  const { manager, state } = await open();
  const app = express();
  app.use(express.json(options));
  app.use('/org', expressHandler(manager, { identify: () => adminIdentity }));
  const send = sendTo(await listen(app));
  const before = await state();
  for (const body of bodies) {
    const { status } = await send('POST', path, { body });
    expect([body, status]).toEqual([body, 400]);
  }
  expect(await state()).toEqual(before);
});

describe('an empty object where a longer body was announced', () => {
  async function behindParser(create: typeof express) {
    const { manager } = await open();
    const app = create();
    app.use(create.json());
    app.use('/org', expressHandler(manager, { identify: () => adminIdentity }));
    return sendTo(await listen(app));
  }

  test.each([
    ['in chunks', { body: '{}', headers: chunked }],
    ['with a space', { body: '{ }' }],
  ])('is explained by Express 5 when it is sent %s', async (_, message) => {
    const send = await behindParser(express);
    expect(await send('POST', path, message)).toMatchObject({
      status: 400,
      body: {
        code: 'body_already_read',
        arrived: 'empty_object',
        detail: expect.stringMatching(/empty object.*Content-Length: 2/),
      },
    });
    expect(await send('POST', path, { body: '{}' })).toMatchObject({ status: 200 });
    expect(await send('POST', path)).toMatchObject({ status: 200 });
  });

  test('is taken by Express 4, whose parser says that it has read', async () => {
    const send = await behindParser(express4);
    expect(await send('POST', path, { body: '{}', headers: chunked })).toMatchObject({
      status: 200,
    });
    expect(await send('POST', path, { body: '{ }' })).toMatchObject({ status: 200 });
  });

  test('is not what other missed bodies are explained with', async () => {
    const { manager } = await open();
    const app = express();
    app.use(async (req, _res, next) => {
      await text(req);
      next();
    });
    app.use('/org', expressHandler(manager, { identify: () => adminIdentity }));
    const answer = await sendTo(await listen(app))('POST', path, { body: { daily: 9 } });
    expect(answer.body).toMatchObject({ detail: expect.not.stringContaining('empty object') });
    expect(answer.body).not.toHaveProperty('arrived');
  });
});

describe.each(doors)('a Content-Type behind $name', (door) => {
  test.each(['', 'json', 'application/json, text/plain', 'application/json,application/json', '/'])(
    '%j is a 415 with a problem document, and nothing changes',
    async (type) => {
      const { manager, state } = await open();
      const before = await state();
      const send = await door.open(manager);
      const headers = { 'content-type': type };
      expect(await send('POST', path, { body: { daily: 9 }, headers })).toMatchObject({
        status: 415,
        headers: { 'content-type': 'application/problem+json' },
        body: { code: 'unsupported_media_type' },
      });
      expect(await send('GET', '/org/api/me', { headers })).toMatchObject({ status: 200 });
      expect(await state()).toEqual(before);
    },
  );
});

test('what a hook of a Fastify application throws goes to its error handler', async () => {
  const { manager } = await open();
  const app = fastify();
  onTestFinished(() => app.close());
  app.setErrorHandler(async (error, _request, reply) =>
    reply.code(418).send({ seen: String(error) }),
  );
  app.addHook('preHandler', async () => {
    throw new Error('a hook of the application');
  });
  await app.register(fastifyPlugin, { manager, identify: () => adminIdentity, prefix: '/org' });
  const send = sendTo(Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port));
  expect(await send('GET', '/org/api/me')).toMatchObject({
    status: 418,
    body: { seen: 'Error: a hook of the application' },
  });
});
