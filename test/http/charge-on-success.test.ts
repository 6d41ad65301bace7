/** `chargeOn: 'success'`: what fails costs nothing, and no limit is passed in the meantime. */
import { once } from 'node:events';
import { IncomingMessage, request as nodeRequest, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { expressUsageGuard } from 'org-user-manager/express';
import { createUsageGuard } from 'org-user-manager/http';
import { describe, expect, test, vi } from 'vitest';
import { founder, openAmsterdam } from './amsterdam.ts';
import { sendTo } from './doors.ts';
import { guardedHosts } from './guarded-hosts.ts';

const identify = () => founder;
const options = { identify, cost: 2, chargeOn: 'success' } as const;
const open = () => openAmsterdam('2026-10-25T13:20:00Z');

describe.each(guardedHosts)('on $name', ({ listen }) => {
  test.each([
    ['GET', '/search', 2],
    ['HEAD', '/search', 2],
    ['GET', '/status/204', 2],
    ['GET', '/status/304', 2],
    ['GET', '/status/400', 0],
    ['GET', '/status/500', 0],
    ['GET', '/fail', 0],
    ['GET', '/nowhere', 0],
  ])('%s %s costs %i', async (method, path, units) => {
    const { manager, limit, used } = await open();
    await limit({ daily: 10 });
    const send = sendTo(await listen({ manager, guards: [options] }));
    const { headers } = await send(method, path);
    // While the work is done its units count.
    if (path !== '/fail') expect(headers.ratelimit).toBe('"user-day";r=8;t=34800');
    await expect.poll(used).toBe(units);
  });

  test('a request that its client leaves costs nothing', async () => {
    const { manager, used } = await open();
    const port = await listen({ manager, guards: [options] });
    const outgoing = nodeRequest({ host: '127.0.0.1', port, path: '/hang' }).end();
    outgoing.on('error', () => undefined);
    const [incoming] = await once(outgoing, 'response');
    await once(incoming, 'data');
    expect(await used()).toBe(2);
    outgoing.destroy();
    await expect.poll(used).toBe(0);
  });

  test('a request whose client has left before the guard was done costs nothing', async () => {
    const { manager, used } = await open();
    const asked = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    const guards = [
      {
        ...options,
        async identify(subject: unknown) {
          const { raw = subject } = Object(subject);
          asked.resolve();
          await new Promise((resolve) => raw.once('close', resolve));
          left.resolve();
          return founder;
        },
      },
    ];
    const reached = Promise.withResolvers<void>();
    const port = await listen({ manager, guards, reached: reached.resolve });
    const outgoing = nodeRequest({ host: '127.0.0.1', port, path: '/search' }).end();
    outgoing.on('error', () => undefined);
    await asked.promise;
    outgoing.destroy();
    await left.promise;
    await expect.poll(used).toBe(0);
  });

  test('requests at the same time share what is left, and a failed one frees its part', async () => {
    const { manager, limit, used } = await open();
    await limit({ daily: 4 });
    const port = await listen({ manager, guards: [options] });
    const send = sendTo(port);
    const hanging = [0, 1].map(() => {
      const outgoing = nodeRequest({ host: '127.0.0.1', port, path: '/hang' }).end();
      outgoing.on('error', () => undefined);
      return outgoing;
    });
    await Promise.all(hanging.map((outgoing) => once(outgoing, 'response')));
    expect(await send('GET', '/search')).toMatchObject({ status: 429 });
    hanging[0]?.destroy();
    await expect.poll(used).toBe(2);
    expect(await send('GET', '/search')).toMatchObject({ status: 200 });
    expect(await send('GET', '/search')).toMatchObject({ status: 429 });
    hanging[1]?.destroy();
    await expect.poll(used).toBe(2);
  });

  test('two guards settle each its own', async () => {
    const { manager, used } = await open();
    const guards = [options, { identify, activity: 'export', cost: 5 }, { ...options, cost: 30 }];
    const send = sendTo(await listen({ manager, guards }));
    await send('GET', '/search');
    await expect.poll(used).toBe(37);
    await send('GET', '/status/500');
    await expect.poll(used).toBe(42);
  });
});

describe('a response that was finished before the guard was done, on a socket that stays', () => {
  test.each([
    [200, 2],
    [399, 2],
    [400, 0],
    [500, 0],
  ])('with %i costs %i', async (status, units) => {
    const { manager, clock, used, use } = await open();
    const req = Object.assign(new IncomingMessage(new Socket()), { originalUrl: '/search' });
    const res = new ServerResponse(req);
    res.assignSocket(Object.assign(new Socket(), { _write: finishWrite }));
    const guard = expressUsageGuard(manager, {
      ...options,
      async identify() {
        res.statusCode = status;
        res.end();
        await once(res, 'finish');
        return founder;
      },
    });
    const next = vi.fn();
    await guard(req, res, next);
    expect(next).not.toHaveBeenCalled();
    expect(res.destroyed).toBe(false);
    await expect.poll(used).toBe(units);
    // What was not settled would come back.
    clock.advance(10 * 60 * 1000 + 1);
    await use(1);
    expect(await used()).toBe(units + 1);
  });
});

function finishWrite(...[, , done]: Parameters<Writable['_write']>): void {
  done();
}

describe('behind createUsageGuard()', () => {
  async function letThrough() {
    const place = await open();
    const verdict = await createUsageGuard<unknown>(place.manager, options)(null);
    if (!verdict.allowed) expect.fail('refused');
    return { ...place, usage: verdict.usage };
  }

  test('the host settles, and only its first word counts', async () => {
    const success = await letThrough();
    await success.usage.settle(true);
    await success.usage.settle(false);
    expect(await success.used()).toBe(2);
    const failure = await letThrough();
    await failure.usage.settle(false);
    await failure.usage.settle(true);
    expect(await failure.used()).toBe(0);
  });

  test('what a recheck charges is charged at once, and stays', async () => {
    const { usage, used } = await letThrough();
    const verdict = await usage.recheck(3);
    if (!verdict.allowed) expect.fail('refused');
    await verdict.usage.settle(false);
    expect(await used()).toBe(3);
  });

  test('a request that never ends frees its units after ten minutes, and pays if it then succeeds', async () => {
    const { manager, clock, used, usage, limit, use } = await letThrough();
    await limit({ daily: 2 });
    expect(await use(1)).toMatchObject({ allowed: false });
    clock.advance(10 * 60 * 1000 + 1);
    expect(await use(1)).toMatchObject({ allowed: true });
    expect(await used()).toBe(1);
    await usage.settle(true);
    expect(await used()).toBe(3);
    await manager.close();
  });

  test('a settlement that fails is told to `onError`, and frees the units in the end', async () => {
    const { usage, used, errors, storage, clock, use, limit } = await letThrough();
    const { consume } = storage.rateLimits;
    storage.rateLimits.consume = () => Promise.reject(new Error('down'));
    await usage.settle(true);
    storage.rateLimits.consume = consume;
    expect(errors).toMatchObject([{ code: 'unavailable' }]);
    expect(await used()).toBe(2);
    await limit({ daily: 1 });
    clock.advance(10 * 60 * 1000 + 1);
    await use(1);
    expect(await used()).toBe(1);
  });

  test('charging on arrival settles nothing', async () => {
    const { manager, used } = await open();
    const verdict = await createUsageGuard<unknown>(manager, { identify })(null);
    if (!verdict.allowed) expect.fail('refused');
    await verdict.usage.settle(false);
    expect(await used()).toBe(1);
  });
});
