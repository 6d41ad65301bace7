/** An application's AsyncLocalStorage: each caller keeps its own, and the background has the manager's. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type {
  Clock,
  OrgUserManager,
  OrgUserManagerOptions,
  RateLimitStore,
  Storage,
} from 'org-user-manager';
import { kyselyStorage } from 'org-user-manager/kysely';
import { leasedRateLimitStore } from 'org-user-manager/leased';
import { memoryStorage } from 'org-user-manager/memory';
import { redisRateLimitStore } from 'org-user-manager/redis';
import { fakeClock } from 'org-user-manager/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { hostDatabases } from './fixtures/host-databases.ts';
import { describeEach, needing, redisUrl } from './fixtures/servers.ts';
import { allStorages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';
import { type OpenClient, singleClients } from './redis/clients.ts';
import { dropKeys } from './redis/shared-redis.ts';

const tenants = new AsyncLocalStorage<string>();
const current = () => tenants.getStore() ?? 'none';

/** A team whose mailer and listeners write down in which context they are called. */
async function open(storage: Storage, options: Partial<OrgUserManagerOptions> = {}) {
  const seen: string[] = [];
  const mailer = {
    async send() {
      seen.push(`send in ${current()}`);
    },
  };
  const team = await createTeam(storage, { mailer, ...options });
  const listen = (name: Parameters<OrgUserManager['on']>[0]) =>
    team.manager.on(name, () => {
      seen.push(`${name} in ${current()}`);
    });
  return { ...team, seen, listen };
}

const invite = (manager: Pick<OrgUserManager, 'invite'>, name: string) =>
  manager.invite({ orgId, actor: admin, email: `${name}@acme.example.com` });

describeEach(allStorages())('on $name', ({ create }) => {
  test('mail is sent outside of any request, also when a request asks for it', async () => {
    const { manager, seen, listen } = await open(create());
    listen('mail.sent');
    await Promise.all(
      ['a', 'b', 'c'].map((tenant) =>
        tenants.run(tenant, async () => {
          await invite(manager, tenant);
          await manager.deliverMail();
        }),
      ),
    );
    expect(new Set(seen)).toEqual(new Set(['send in none', 'mail.sent in none']));
    expect(seen).toHaveLength(6);
  });

  test('callers of merged calls continue in their own contexts', async () => {
    const { manager, join } = await open(create());
    for (const userId of ['u_1', 'u_2']) await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId: 'u_1', daily: 30 });
    const calls = Array.from({ length: 90 }, (_, index) =>
      tenants.run(`t${index}`, async () => {
        const userId = `u_${1 + (index % 2)}`;
        await manager.consume({ orgId, userId });
        const first = current();
        await manager.usage({ orgId, actor: admin, userId });
        return [first, current()];
      }),
    );
    expect(await Promise.all(calls)).toEqual(calls.map((_, index) => [`t${index}`, `t${index}`]));
  });
});

describe('on Redis', needing('Redis'), () => {
  const keyPrefix = `oum-test-${crypto.randomUUID()}:`;
  afterAll(() => dropKeys(redisUrl, keyPrefix));

  describe.each(Object.entries(singleClients))('through %s', (name, connect) => {
    let opened: OpenClient;
    beforeAll(async () => {
      opened = await connect([redisUrl]);
    });
    afterAll(() => opened.close());

    test('callers of merged charges continue in their own contexts', async () => {
      const own = redisRateLimitStore({
        client: opened.client,
        keyPrefix: `${keyPrefix}${name.length}:`,
      });
      for (const store of [own, leasedRateLimitStore(own)]) {
        const calls = Array.from({ length: 60 }, (_, index) =>
          tenants.run(`t${index}`, async () => {
            await store.consume(charge(index % 3 === 0 ? 'a' : 'b'));
            return current();
          }),
        );
        expect(await Promise.all(calls)).toEqual(calls.map((_, index) => `t${index}`));
      }
    });
  });
});

const charge = (key: string) => ({
  partition: orgId,
  windows: [{ key, cost: 1, limit: 1000, keepMs: 60_000 }],
});

test('listeners of an event run in the context of the call that emitted it', async () => {
  const { manager, seen, listen } = await open(memoryStorage());
  for (const name of ['invitation.invited', 'invitation.revoked', 'usage.refused'] as const) {
    listen(name);
  }
  await manager.setLimit({ orgId, actor: admin, userId: admin.userId, daily: 0 });
  await Promise.all(
    ['a', 'b'].map((tenant) =>
      tenants.run(tenant, async () => {
        const result = await invite(manager, tenant);
        if (result.outcome !== 'invited') throw new Error(result.outcome);
        const { id: invitationId } = result.invitation;
        await manager.revoke({ orgId, actor: admin, invitationId });
        await manager.consume({ orgId, userId: admin.userId });
      }),
    ),
  );
  const heard = (tenant: string) =>
    ['invitation.invited', 'invitation.revoked', 'usage.refused'].map(
      (name) => `${name} in ${tenant}`,
    );
  expect(seen.filter((line) => !line.startsWith('send')).toSorted()).toEqual(
    [...heard('a'), ...heard('b')].toSorted(),
  );
});

const hosts = hostDatabases().filter(({ name }) => !/\b5 of/.test(name));

describeEach(hosts)('on $name', ({ create }) => {
  test('the application’s commits are noticed outside of any request', async () => {
    const { db, schema } = await create();
    const { manager, seen, listen } = await open(kyselyStorage(db, { schema }));
    listen('invitation.invited');
    for (const tenant of ['a', 'b']) {
      await tenants.run(tenant, () =>
        db.transaction().execute(async (trx) => {
          await invite(manager.using(trx), tenant);
        }),
      );
    }
    await vi.waitFor(() => expect(seen).toHaveLength(4), 10_000);
    expect(new Set(seen)).toEqual(new Set(['send in none', 'invitation.invited in none']));
  });
});

/** A clock that notes the contexts in which timers are started. */
function watchedClock() {
  const clock = fakeClock();
  const started: string[] = [];
  const watched: Clock = {
    now: clock.now,
    schedule(task, delayMs) {
      started.push(current());
      return clock.schedule(task, delayMs);
    },
  };
  return { clock, watched, started };
}

test('timers belong to no request, and neither does what they set off', async () => {
  const { clock, watched, started } = watchedClock();
  const { manager, seen } = await open(memoryStorage(), {
    clock: watched,
    mailer: {
      async send() {
        seen.push(`send in ${current()}`);
        if (seen.length === 1) throw new Error('down');
      },
    },
  });
  await tenants.run('a', async () => {
    await invite(manager, 'pat');
    await manager.deliverMail();
  });
  await tenants.run('b', () => clock.advance(60_000));
  await vi.waitFor(() => expect(seen).toHaveLength(2));
  expect(seen).toEqual(['send in none', 'send in none']);
  expect(started.length).toBeGreaterThan(0);
  expect(new Set(started)).toEqual(new Set(['none']));
});

test('real timers of a manager do not keep a request alive', async () => {
  const { manager } = await open(memoryStorage(), { clock: undefined });
  const timers: string[] = [];
  const { setTimeout: start } = globalThis;
  vi.stubGlobal('setTimeout', (...args: Parameters<typeof start>) => {
    timers.push(current());
    return start(...args);
  });
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  await tenants.run('a', async () => {
    await invite(manager, 'pat');
    await manager.deliverMail();
  });
  expect(timers.length).toBeGreaterThan(0);
  expect(new Set(timers)).toEqual(new Set(['none']));
});

test('an outage is announced and made up for outside of any request', async () => {
  const { rateLimits } = memoryStorage({ now: () => 0 });
  const counted: string[] = [];
  let isAway = false;
  const rateLimitStore: RateLimitStore = {
    async consume(request) {
      if (isAway) throw new Error('connection refused');
      counted.push(current());
      return rateLimits.consume(request);
    },
    get: (partition, keys) => rateLimits.get(partition, keys),
  };
  const { manager, seen, listen, clock } = await open(memoryStorage({ now: () => 0 }), {
    rateLimitStore,
    onStoreError: 'open',
  });
  listen('usage.store_failed');
  listen('usage.store_recovered');
  isAway = true;
  await tenants.run('a', async () => {
    for (let call = 0; call < 8; call += 1) {
      await manager.consume({ orgId, userId: admin.userId });
    }
  });
  isAway = false;
  await clock.advance(2000);
  await tenants.run('b', () => manager.consume({ orgId, userId: admin.userId }));
  await vi.waitFor(() => expect(seen).toHaveLength(2));
  expect(seen).toEqual(['usage.store_failed in none', 'usage.store_recovered in none']);
  // The charge of b itself, and what stands for those of a.
  expect(counted).toEqual(['b', 'none']);
});

test('a lease is filled outside of any request, and other charges run in that of their caller', async () => {
  const { rateLimits } = memoryStorage({ now: () => 0 });
  const asked: string[] = [];
  const store = leasedRateLimitStore({
    async consume(request) {
      asked.push(current());
      return rateLimits.consume(request);
    },
    get: (partition, keys) => rateLimits.get(partition, keys),
  });
  await tenants.run('a', () => store.consume(charge('a')));
  const { partition, windows } = charge('a');
  const givenBack = windows.map((window) => ({ ...window, cost: -1 }));
  await tenants.run('b', () => store.consume({ partition, windows: givenBack }));
  expect(asked).toEqual(['none', 'b']);
});

test('idle leases go back outside of any request, and their timers belong to none', async () => {
  const { clock, watched, started } = watchedClock();
  const { rateLimits } = memoryStorage({ now: () => 0 });
  const asked: string[] = [];
  const store = leasedRateLimitStore(
    {
      async consume(request) {
        asked.push(current());
        return rateLimits.consume(request);
      },
      get: (partition, keys) => rateLimits.get(partition, keys),
    },
    { clock: watched },
  );
  await tenants.run('a', async () => {
    for (let call = 0; call < 3; call += 1) await store.consume(charge('a'));
  });
  asked.length = 0;
  await clock.advance(10_000);
  await vi.waitFor(() => expect(asked).toEqual(['none']));
  expect(started.length).toBeGreaterThan(0);
  expect(new Set(started)).toEqual(new Set(['none']));
});

test('expired reservations of others are given back outside of any request', async () => {
  const storage = memoryStorage({ now: () => 0 });
  const removed: string[] = [];
  const { reservations } = storage;
  const watched: Storage = {
    ...storage,
    reservations: {
      insert: (reservation) => reservations.insert(reservation),
      async remove(id) {
        removed.push(current());
        await reservations.remove(id);
      },
      findExpired: (query) => reservations.findExpired(query),
      nextExpiryAt: () => reservations.nextExpiryAt(),
    },
  };
  const { manager, clock } = await open(watched);
  await manager.setLimit({ orgId, actor: admin, userId: admin.userId, daily: 5 });
  const call = { orgId, userId: admin.userId };
  await tenants.run('a', () => manager.reserve({ ...call, estimate: 5, ttlMs: 1000 }));
  await clock.advance(1001);
  const decision = await tenants.run('b', () => manager.consume({ ...call, cost: 5 }));
  expect(decision).toMatchObject({ allowed: true });
  expect(removed).toEqual(['none']);
});

test('a manager works where there is no AsyncLocalStorage', async () => {
  const { getBuiltinModule } = process;
  vi.spyOn(process, 'getBuiltinModule').mockImplementation((name: string) =>
    /async_hooks|worker_threads/.test(name) ? undefined : getBuiltinModule(name),
  );
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  vi.resetModules();
  const { OrgUserManager: Manager } = await import('org-user-manager');
  const { memoryStorage: createStorage } = await import('org-user-manager/memory');
  const sent: string[] = [];
  const manager = new Manager({
    storage: createStorage(),
    mailer: { send: async ({ to }) => void sent.push(to) },
    secret: 'k9Qz3vTn7RbYw2Lx8Hc5Jd1Mf6Sg4Pa0',
    baseUrl: 'https://app.acme.example.com/org',
  });
  onTestFinished(() => manager.close());
  await manager.migrate();
  await manager.createOrganization({
    orgId,
    name: 'Acme',
    admin: { userId: admin.userId, email: 'admin@acme.example.com' },
  });
  await invite(manager, 'pat');
  await manager.deliverMail();
  expect(sent).toEqual(['pat@acme.example.com']);
});
