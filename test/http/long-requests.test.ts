/** Requests that last: streams and sockets that check again and charge as they go. */
import { EventEmitter, once } from 'node:events';
import { request as nodeRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import express from 'express';
import fastify from 'fastify';
import { type OrgUserManager, systemActor } from 'org-user-manager';
import { expressUsageGuard } from 'org-user-manager/express';
import { fastifyUsageGuard, usageOf } from 'org-user-manager/fastify';
import { createUsageGuard, type RequestUsage } from 'org-user-manager/http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { orgId } from '../fixtures/team.ts';
import { founder, openAmsterdam } from './amsterdam.ts';
import { listen, person, sendTo } from './doors.ts';

const now = '2026-10-25T13:20:00Z';
const identify = () => founder;

/** Server-sent events, each for a unit, until a limit or the administrator ends them. */
async function* events(usage: RequestUsage, most: number) {
  for (let event = 1; event <= most; event += 1) {
    const verdict = await usage.recheck(1);
    if (!verdict.allowed) {
      yield `event: end\ndata: ${verdict.code} ${verdict.status}\n\n`;
      return;
    }
    yield `data: ${event}\n\n`;
  }
}

const streams = [
  {
    name: 'Express',
    async open(manager: OrgUserManager) {
      const app = express();
      app.get('/stream', expressUsageGuard(manager, { identify }), async (req, res) => {
        res.setHeader('content-type', 'text/event-stream');
        for await (const event of events(usageOf(req), 100)) res.write(event);
        res.end();
      });
      return listen(app);
    },
  },
  {
    name: 'Fastify',
    async open(manager: OrgUserManager) {
      const app = fastify();
      onTestFinished(() => app.close());
      const preHandler = fastifyUsageGuard(manager, { identify });
      app.get('/stream', { preHandler }, async (request, reply) => {
        reply.hijack();
        reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
        for await (const event of events(usageOf(request), 100)) reply.raw.write(event);
        reply.raw.end();
      });
      const url = await app.listen({ host: '127.0.0.1', port: 0 });
      return Number(new URL(url).port);
    },
  },
];

test.each(streams)('an event stream on $name ends where the limit does', async ({ open }) => {
  const { manager, limit, used } = await openAmsterdam(now);
  await limit({ daily: 5 });
  const { body } = await sendTo(await open(manager))('GET', '/stream');
  // One unit was the request's own.
  const told = [1, 2, 3, 4].map((event) => `data: ${event}\n\n`);
  expect(body).toBe(`${told.join('')}event: end\ndata: usage_limit_exceeded 429\n\n`);
  expect(await used()).toBe(5);
});

test('an event stream ends at the event after the administrator has disabled the person', async () => {
  const { manager, join } = await openAmsterdam(now);
  await join('u_sam');
  const steps = new EventEmitter();
  const app = express();
  const guard = expressUsageGuard(manager, { identify: () => person('u_sam') });
  app.get('/stream', guard, async (req, res) => {
    for await (const event of events(usageOf(req), 100)) {
      res.write(event);
      if (event === 'data: 2\n\n') await once(steps, 'on');
    }
    res.end();
  });
  const port = await listen(app);
  const outgoing = nodeRequest({ host: '127.0.0.1', port, path: '/stream' }).end();
  const [incoming] = await once(outgoing, 'response');
  const body = text(incoming);
  while (steps.listenerCount('on') === 0) await setImmediate();
  await manager.disable({ orgId, actor: systemActor, userId: 'u_sam' });
  steps.emit('on');
  expect(await body).toBe('data: 1\n\ndata: 2\n\nevent: end\ndata: member_disabled 403\n\n');
});

describe('recheck', () => {
  /** What a guard lets through, as fetch sees it. */
  async function letThrough(who = founder) {
    const place = await openAmsterdam(now);
    const request = new Request('https://app.acme.example.com');
    const verdict = await createUsageGuard(place.manager, { identify: () => who })(request);
    if (!verdict.allowed) expect.fail('refused');
    return { ...place, request, usage: verdict.usage };
  }

  test('without a cost asks who, charges nothing and looks at no limit', async () => {
    const { usage, used, limit } = await letThrough();
    await limit({ daily: 0 });
    expect(await usage.recheck()).toMatchObject({ allowed: true, headers: {} });
    expect(await used()).toBe(1);
    expect(await usage.recheck(1)).toMatchObject({ allowed: false, status: 429 });
  });

  test('notices a disabled member, whatever it is asked', async () => {
    const { manager, join } = await openAmsterdam(now);
    await join('u_sam');
    const guard = createUsageGuard<object>(manager, { identify: () => person('u_sam') });
    const verdict = await guard({});
    if (!verdict.allowed) expect.fail('refused');
    await manager.disable({ orgId, actor: systemActor, userId: 'u_sam' });
    for (const cost of [undefined, 1]) {
      expect(await verdict.usage.recheck(cost)).toMatchObject({
        allowed: false,
        status: 403,
        code: 'member_disabled',
      });
    }
  });

  test('charges what it is told, all windows or none, and says where they stand', async () => {
    const { usage, used, limit } = await letThrough();
    await limit({ daily: 10, monthly: 6 });
    expect(await usage.recheck(4)).toMatchObject({
      allowed: true,
      headers: { RateLimit: '"user-month";r=1;t=553200, "user-day";r=5;t=34800' },
    });
    expect(await usage.recheck(2)).toMatchObject({ allowed: false, status: 429 });
    expect(await used()).toBe(5);
    expect(await usage.recheck(0)).toMatchObject({ status: 400, code: 'invalid_input' });
  });

  test('can be had from the request, of which a guard must have let it through', async () => {
    const { usage, request } = await letThrough();
    expect(usageOf(request)).toBe(usage);
    expect(() => usageOf({})).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  test('is on the verdict alone where the request is frozen', async () => {
    const { manager, used } = await openAmsterdam(now);
    const guard = createUsageGuard<object>(manager, { identify });
    const request = Object.freeze({});
    const verdict = await guard(request);
    expect(verdict).toMatchObject({ allowed: true, usage: { recheck: expect.any(Function) } });
    expect(() => usageOf(request)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
    expect(await used()).toBe(1);
  });

  test('lets a skipped request go on', async () => {
    const { manager } = await openAmsterdam(now);
    const verdict = await createUsageGuard(manager, { identify, skip: () => true })(
      new Request('https://app.acme.example.com'),
    );
    if (!verdict.allowed) expect.fail('refused');
    expect(await verdict.usage.recheck(1)).toMatchObject({ allowed: true });
  });

  test('refuses when the storage cannot answer', async () => {
    const { usage, storage, errors } = await letThrough();
    storage.load = () => Promise.reject(new Error('down'));
    for (const cost of [undefined, 1]) {
      expect(await usage.recheck(cost)).toMatchObject({ allowed: false, status: 503 });
    }
    expect(errors).toHaveLength(2);
  });
});
