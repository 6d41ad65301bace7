/** What is known at once is answered at once; what comes later, or fails at once, is answered as ever. */
import { setImmediate } from 'node:timers/promises';
import type { RateLimitStore, Storage } from 'org-user-manager';
import { expressUsageGuard } from 'org-user-manager/express';
import { createMountedGuard, createUsageGuard } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { admin, createTeam, orgId } from './fixtures/team.ts';
import { person } from './http/doors.ts';

const identify = () => person(admin.userId);
const call = { orgId, userId: admin.userId };

const open = (storage: Storage = memoryStorage()) => createTeam(storage);

/** Counters in memory that promise every answer. */
function promising({ consume, get }: RateLimitStore): RateLimitStore {
  return {
    consume: async (request) => consume(request),
    get: async (partition, keys) => get(partition, keys),
  };
}

const fail = (): never => {
  throw new Error('down');
};

test('in memory a guard has its verdict at once: allowed, refused, and nobody signed in', async () => {
  const { manager } = await open();
  await manager.setLimit({ ...call, actor: admin, daily: 10 });
  const guard = createMountedGuard(manager, { identify });
  // Nothing of what came before holds the storage any more.
  await setImmediate();
  expect(guard({})).toMatchObject({ allowed: true });
  await manager.consume({ ...call, cost: 9 });
  // The first refusal looks for reservations that have expired.
  await guard({});
  expect(guard({})).toMatchObject({ allowed: false, status: 429 });
  const closed = createMountedGuard(manager, { identify: () => null });
  expect(closed({})).toMatchObject({ allowed: false, status: 401 });
});

test('the guard for Express hands a request on before it returns, and waits where it has to', async () => {
  const { manager } = await open();
  await setImmediate();
  const steps: string[] = [];
  const next = () => void steps.push('next');
  const run = (guard: (...args: never[]) => unknown) => {
    const res = { headersSent: false, getHeader: () => undefined, setHeader: () => undefined };
    return Reflect.apply(guard, undefined, [{}, res, next]);
  };
  expect(run(expressUsageGuard(manager, { identify }))).toBeUndefined();
  expect(steps).toEqual(['next']);
  const waiting = run(expressUsageGuard(manager, { identify: async () => identify() }));
  expect(steps).toEqual(['next']);
  await waiting;
  expect(steps).toEqual(['next', 'next']);
});

test('counters that promise their answers count alike', async () => {
  const storage = memoryStorage();
  const { manager } = await open({ ...storage, rateLimits: promising(storage.rateLimits) });
  await manager.setLimit({ ...call, actor: admin, daily: 2 });
  const guard = createMountedGuard(manager, { identify });
  const verdicts = [guard({}), guard({}), guard({})];
  expect(verdicts.every((verdict) => verdict instanceof Promise)).toBe(true);
  expect((await Promise.all(verdicts)).map(({ allowed }) => allowed)).toEqual([true, true, false]);
});

test.each(['load', 'consume'])(
  'a %s that throws at once is an answer of 503, never a throw',
  async (what) => {
    const storage = memoryStorage();
    const { manager, errors } = await open(storage);
    if (what === 'load') storage.load = fail;
    else storage.rateLimits.consume = fail;
    const charge = manager.consume(call);
    await expect(charge).rejects.toMatchObject({ code: 'unavailable' });
    const verdict = await createUsageGuard<object>(manager, { identify })({});
    expect(verdict).toMatchObject({ allowed: false, status: 503 });
    expect(errors).toHaveLength(1);
  },
);

test('a sign-in that throws at once rejects, as one that rejects does', async () => {
  const { manager } = await open();
  const guard = createUsageGuard<object>(manager, { identify: fail });
  const verdict = guard({});
  await expect(verdict).rejects.toMatchObject({ code: 'internal', cause: { message: 'down' } });
});

test('a refusal that comes again says the same under another name, until something is charged', async () => {
  const { manager } = await open();
  await manager.setLimit({ ...call, actor: admin, daily: 5, monthly: 9 });
  await manager.consume({ ...call, cost: 4 });
  const guard = createUsageGuard<object>(manager, { identify, cost: 2 });
  const body = async () => {
    const verdict = await guard({});
    return verdict.allowed ? {} : JSON.parse(verdict.body ?? '');
  };
  const [first, second] = [await body(), await body()];
  expect(second.instance).not.toBe(first.instance);
  expect({ ...second, instance: '' }).toEqual({ ...first, instance: '' });
  await manager.consume(call);
  expect((await body()).limits).toMatchObject([{ used: 5 }, { used: 5 }]);
  await manager.setLimit({ ...call, actor: admin, daily: 6 });
  expect((await body()).limits).toMatchObject([{ limit: 6, used: 5 }, { used: 5 }]);
});
