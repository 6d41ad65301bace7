import { type OrgUserManager, type RateLimitStore, systemActor } from 'org-user-manager';
import { leasedRateLimitStore } from 'org-user-manager/leased';
import { memoryStorage } from 'org-user-manager/memory';
import { redisRateLimitStore } from 'org-user-manager/redis';
import { fakeClock } from 'org-user-manager/testing';
import { createClient } from 'redis';
import { expect, onTestFinished, test } from 'vitest';
import { describeEach, type OnServers, redisUrl } from './fixtures/servers.ts';
import { allStorages, storages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';
import { dropKeys } from './redis/shared-redis.ts';

interface CountersUnderTest extends OnServers {
  readonly name: string;
  open(): Promise<Pick<Awaited<ReturnType<typeof createTeam>>, 'manager' | 'join'>>;
}

const userId = 'u_1';
const key = 'order-17';

async function used(manager: OrgUserManager, user = userId) {
  const { windows } = await manager.usage({ orgId, actor: systemActor, userId: user });
  return windows.map((window) => window.used);
}

describeEach(allStorages())('an idempotency key on $name', ({ create }) => {
  test('charges once, and the repetition gets the first answer and says so', async () => {
    const { manager, join, clock } = await createTeam(create());
    await join(userId);
    const call = { orgId, userId, activity: 'search', cost: 3, idempotencyKey: key };
    const first = await manager.consume(call);
    expect(first).toMatchObject({ allowed: true, cost: 3 });
    expect(first).not.toHaveProperty('replayed');
    await manager.consume({ orgId, userId, cost: 4 });
    const again = await manager.consume(call);
    expect(again).toMatchObject({ allowed: true, cost: 3, replayed: true });
    expect('windows' in again && again.windows.map((window) => window.used)).toEqual([7, 7, 7, 7]);
    clock.advance(23 * 3_600_000);
    expect(await manager.consume(call)).toMatchObject({ cost: 3, replayed: true });
    expect(await used(manager)).toEqual([0, 7]);
  });

  test('fifty calls at once are one charge', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId, daily: 6 });
    const call = { orgId, userId, cost: 4, idempotencyKey: key };
    const answers = await Promise.all(Array.from({ length: 50 }, () => manager.consume(call)));
    expect(answers.filter((answer) => answer.allowed)).toHaveLength(50);
    expect(answers.filter((answer) => !('replayed' in answer))).toHaveLength(1);
    expect(await used(manager)).toEqual([4, 4]);
  });

  test('a replay is allowed when the limit is used up, and a refusal is forgotten', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId, daily: 2 });
    const call = { orgId, userId, cost: 2 };
    await manager.consume({ ...call, idempotencyKey: 'a' });
    expect(await manager.consume({ ...call, idempotencyKey: 'b' })).toMatchObject({
      allowed: false,
      violated: ['user-day'],
    });
    expect(await manager.consume({ ...call, idempotencyKey: 'a' })).toMatchObject({
      allowed: true,
      replayed: true,
    });
    await manager.setLimit({ orgId, actor: admin, userId, daily: 4 });
    const passed = await manager.consume({ ...call, idempotencyKey: 'b' });
    expect(passed).toMatchObject({ allowed: true, cost: 2 });
    expect(passed).not.toHaveProperty('replayed');
    expect(await used(manager)).toEqual([4, 4]);
  });

  test('the keys of two members are two keys, whatever they are made of', async () => {
    const { manager, join } = await createTeam(create());
    const calls = [
      { userId: 'a', idempotencyKey: 'b/c' },
      { userId: 'c/a', idempotencyKey: 'b' },
      { userId: 'c', idempotencyKey: 'a/b' },
      { userId: 'a', idempotencyKey: 'B/c' },
      { userId: 'a', idempotencyKey: '~'.repeat(128) },
    ];
    for (const user of new Set(calls.map((call) => call.userId))) {
      await join(user, 'member', {
        userId: user,
        email: `${user.replace('/', '-')}@acme.example.com`,
        emailVerified: true,
        name: user,
      });
    }
    for (const call of calls) {
      expect(await manager.consume({ orgId, ...call })).not.toHaveProperty('replayed');
    }
    expect(await used(manager, 'a')).toEqual([3, 3]);
  });
});

/** The six storages, and the counters that live elsewhere. */
function allCounters(): readonly CountersUnderTest[] {
  const inStorage = allStorages().map(({ name, needs, create }) => ({
    name,
    needs,
    open: () => createTeam(create()),
  }));
  // Redis expires counters by its own clock.
  const openElsewhere = (rateLimitStore: RateLimitStore) =>
    createTeam(memoryStorage({ now: () => 0 }), {
      rateLimitStore,
      onStoreError: 'closed',
      clock: fakeClock(Date.now()),
    });
  const leased = {
    name: 'leased counters',
    needs: [],
    open: () => openElsewhere(leasedRateLimitStore(memoryStorage({ now: () => 0 }).rateLimits)),
  };
  const openRedis = async () => {
    const keyPrefix = `oum-idempotency-${crypto.randomUUID()}:`;
    const client = createClient({ url: redisUrl, disableOfflineQueue: true });
    await client.connect();
    onTestFinished(async () => {
      client.destroy();
      await dropKeys(redisUrl, keyPrefix);
    });
    return redisRateLimitStore({ client, keyPrefix });
  };
  return [
    ...inStorage,
    leased,
    { name: 'Redis', needs: ['Redis'], open: async () => openElsewhere(await openRedis()) },
    {
      name: 'leased counters on Redis',
      needs: ['Redis'],
      open: async () => openElsewhere(leasedRateLimitStore(await openRedis())),
    },
  ];
}

describeEach(allCounters())('an idempotency key on $name', ({ open }) => {
  const reused = { code: 'idempotency_key_reused', status: 422 };

  test('belongs to one cost and activity: another one is refused and charges nothing', async () => {
    const { manager, join } = await open();
    await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId, daily: 3 });
    const call = { orgId, userId, activity: 'search', idempotencyKey: key };
    expect(await manager.consume(call)).toMatchObject({ allowed: true, cost: 1 });
    for (const other of [
      { cost: 2 },
      { cost: 1_000_000 },
      { cost: Number.MAX_SAFE_INTEGER },
      { activity: 'export' },
      { activity: 'export', cost: 2 },
    ]) {
      await expect(manager.consume({ ...call, ...other })).rejects.toMatchObject(reused);
    }
    expect(await manager.consume(call)).toMatchObject({ cost: 1, replayed: true });
    expect(await used(manager)).toEqual([1, 1]);
    // A refusal is not remembered, so its key is still free.
    const free = { ...call, idempotencyKey: 'free' };
    expect(await manager.consume({ ...free, cost: 3 })).toMatchObject({ allowed: false });
    expect(await manager.consume({ ...free, cost: 2 })).toMatchObject({ allowed: true, cost: 2 });
    await expect(manager.consume({ ...free, cost: 3 })).rejects.toMatchObject(reused);
  });

  test('belongs to its cost also where the digests of two costs are the same', async () => {
    const { manager, join } = await open();
    await join(userId);
    const call = { orgId, userId, activity: 'search', idempotencyKey: key };
    // 48 bits of a digest: such pairs are found by trying twenty million costs.
    const [cheap, dear] = [7_859_204, 29_933_881];
    await manager.consume({ ...call, cost: cheap });
    await expect(manager.consume({ ...call, cost: dear })).rejects.toMatchObject(reused);
    await manager.record({ ...call, units: cheap });
    await expect(manager.record({ ...call, units: dear })).rejects.toMatchObject(reused);
    expect(await used(manager)).toEqual([2 * cheap, 2 * cheap]);
  });

  test('that is used at one moment for two costs or activities is charged for one', async () => {
    const { manager, join } = await open();
    await join(userId);
    const call = { orgId, userId, idempotencyKey: key };
    const calls = [{ cost: 3 }, { cost: 5 }, { cost: 3, activity: 'export' }];
    const answers = await Promise.allSettled(
      [...calls, ...calls, ...calls].map((charge) => manager.consume({ ...call, ...charge })),
    );
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(6);
    for (const answer of refused) expect(answer).toMatchObject({ reason: reused });
    const allowed = answers.flatMap((answer) =>
      answer.status === 'fulfilled' && answer.value.allowed ? [answer.value] : [],
    );
    expect(allowed.filter(({ replayed }) => replayed)).toHaveLength(2);
    const [cost] = new Set(allowed.map((answer) => answer.cost));
    expect(await used(manager)).toEqual([cost, cost]);
  });

  test('of `record` belongs to the units that were asked for, up or down, and the activity', async () => {
    const { manager, join } = await open();
    await join(userId);
    const record = (units: number, idempotencyKey: string, activity = 'search') =>
      manager.record({ orgId, userId, units, activity, idempotencyKey });
    await record(7, 'up');
    for (const [units, activity] of [[8], [-7], [7, 'export']] as const) {
      await expect(record(units, 'up', activity)).rejects.toMatchObject(reused);
    }
    // Seven are there to be taken back, whatever was asked for.
    expect(await record(-9, 'down')).toMatchObject({ units: -7 });
    expect(await record(4, 'later')).toMatchObject({ units: 4 });
    for (const [units, activity] of [[-7], [-10], [9], [7], [-9, 'export']] as const) {
      await expect(record(units, 'down', activity)).rejects.toMatchObject(reused);
    }
    expect(await record(-9, 'down')).toMatchObject({ units: -7, replayed: true });
    expect(await record(7, 'up')).toMatchObject({ units: 7, replayed: true });
    expect(await used(manager)).toEqual([4, 4]);
  });
});

test('a key that is none is refused before anything is read', async () => {
  for (const { create } of storages) {
    const { manager } = await createTeam(create());
    const wrong = ['', ' ', 'a b', 'é', 'a\n', 'x'.repeat(129), 1, null, {}, ['a']];
    for (const idempotencyKey of wrong) {
      const input = { orgId, userId: admin.userId, idempotencyKey };
      await expect(Reflect.apply(manager.consume, manager, [input])).rejects.toMatchObject({
        code: 'invalid_input',
        details: { issues: [{ path: 'idempotencyKey' }] },
      });
    }
    expect(await used(manager, admin.userId)).toEqual([0, 0]);
  }
});
