/** Processes whose clocks are days off, beside one that is right: nothing is lost, nothing counts twice. */
import type { RateLimitStore, Storage } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { redisRateLimitStore } from 'org-user-manager/redis';
import { type FakeClock, fakeClock } from 'org-user-manager/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createManager } from '../fixtures/manager.ts';
import { describeEach, needing, type OnServers, redisUrl } from '../fixtures/servers.ts';
import { allStorages } from '../fixtures/storages.ts';
import { admin, createTeam, orgId } from '../fixtures/team.ts';
import { singleClients } from '../redis/clients.ts';
import { dropKeys } from '../redis/shared-redis.ts';

const { userId } = admin;
const call = { orgId, userId };
const minute = 60_000;
const day = 24 * 60 * minute;

interface Place extends OnServers {
  readonly name: string;
  /** Members, and their counters. */
  open(): Promise<{ readonly storage: Storage; readonly counters?: RateLimitStore }>;
}

async function openRedis(): Promise<RateLimitStore> {
  const { client, close } = (await singleClients.ioredis?.([redisUrl])) ?? expect.fail('no client');
  const keyPrefix = `oum-test-${crypto.randomUUID()}:`;
  onTestFinished(async () => {
    close();
    await dropKeys(redisUrl, keyPrefix);
  });
  return redisRateLimitStore({ client, keyPrefix });
}

const places: readonly Place[] = [
  ...allStorages().map(({ name, needs, create }) => ({
    name,
    needs,
    open: async () => ({ storage: create() }),
  })),
  {
    name: 'Redis',
    needs: ['Redis'],
    open: async () => ({ storage: memoryStorage(), counters: await openRedis() }),
  },
];

/** Two processes that share everything but their clocks; the admin may use 5 units a day. */
async function openProcesses({ open }: Place, skewMs: number) {
  const { storage, counters } = await open();
  const options = counters && ({ rateLimitStore: counters, onStoreError: 'closed' } as const);
  const clock = fakeClock(Date.now());
  const right = await createTeam(storage, { ...options, clock });
  await right.manager.setLimit({ ...call, actor: admin, daily: 5 });
  const skewed = fakeClock(Date.now() + skewMs);
  const shared = { ...storage, close: async () => undefined };
  const wrong = await createManager(shared, { ...options, clock: skewed });
  /** Everybody cleans up. */
  const sweep = async () => {
    for (const one of [
      { ...right, clock },
      { ...wrong, clock: skewed },
    ]) {
      // A call that is under way in the background would be over time after the jump.
      await one.manager.deliverMail();
      one.clock.advance(2 * minute);
      await one.manager.deliverMail();
    }
  };
  return { right: right.manager, wrong: wrong.manager, sweep };
}

const daysOff = [-3 * day, 3 * day];
// Days behind, and a machine without a battery, whose clock begins long ago.
const behind = [-3 * day, -20_000 * day];

describeEach(places)('on $name', (place) => {
  test.each(daysOff)('an idempotency key counts once, the clock off by %d ms', async (skewMs) => {
    const { right, wrong, sweep } = await openProcesses(place, skewMs);
    const charges = [right, wrong].map((manager, index) => () => {
      return manager.consume({ ...call, cost: 2, idempotencyKey: `key-${index}` });
    });
    for (const charge of charges) expect(await charge()).toMatchObject({ allowed: true });
    await sweep();
    for (const charge of charges) expect(await charge()).toMatchObject({ replayed: true });
  });

  test.each(daysOff)('a reservation is settled once, the clock off by %d ms', async (skewMs) => {
    const { wrong, sweep } = await openProcesses(place, skewMs);
    const reserved = await wrong.reserve({ ...call, estimate: 5 });
    if (!reserved.allowed) expect.fail('refused');
    const { token } = reserved.reservation;
    expect(await reserved.reservation.commit(3)).toEqual({ units: 3 });
    await sweep();
    expect(await wrong.settleReservation({ token, actual: 1 })).toEqual({
      units: 3,
      replayed: true,
    });
    const { windows } = await wrong.usage({ ...call, actor: admin });
    expect(windows.map(({ used }) => used)).toEqual([3, 3]);
  });

  test.each(behind)('a day that is used up stays so, the clock off by %d ms', async (skewMs) => {
    const { right, wrong, sweep } = await openProcesses(place, skewMs);
    for (const manager of [right, wrong]) {
      expect(await manager.consume({ ...call, cost: 5 })).toMatchObject({ allowed: true });
      await sweep();
      expect(await manager.consume(call)).toMatchObject({ violated: ['user-day'] });
    }
  });
});

describe('a clock that differs from the clock of the counters', () => {
  /** A process on its own clock, and what its background reports until it has looked three times. */
  async function reportsOf(clock: FakeClock, counters: RateLimitStore) {
    const options = { rateLimitStore: counters, onStoreError: 'closed', clock } as const;
    const { manager, errors } = await createTeam(memoryStorage(), options);
    await manager.deliverMail();
    for (let look = 0; look < 3; look += 1) {
      clock.advance(2 * minute);
      await manager.deliverMail();
    }
    return errors;
  }

  const skewed = (aheadMs: unknown) => ({ code: 'clock_skewed', details: { aheadMs } });

  test.each([-3 * day, 3 * day])(
    'in Redis is reported once, off by %d ms',
    needing('Redis'),
    async (skewMs) => {
      const [report, ...others] = await reportsOf(
        fakeClock(Date.now() + skewMs),
        await openRedis(),
      );
      expect(report).toMatchObject(skewed(expect.any(Number)));
      const { aheadMs } = Object(report).details;
      expect(Math.abs(aheadMs - skewMs)).toBeLessThan(10 * minute);
      expect(others).toEqual([]);
    },
  );

  test.each([0, 3, 5])(
    'is none when the answer takes 5 minutes, of which %d go by before the look',
    async (minutes) => {
      const { rateLimits } = memoryStorage();
      const clock = fakeClock();
      const now = async () => {
        const asked = clock.now();
        clock.set(asked + 5 * minute);
        return asked + minutes * minute;
      };
      expect(await reportsOf(clock, { ...rateLimits, now })).toEqual([]);
    },
  );

  test('is looked for once a minute', async () => {
    const { rateLimits } = memoryStorage();
    const clock = fakeClock();
    let asked = 0;
    const now = () => {
      asked += 1;
      return clock.now();
    };
    const options = { rateLimitStore: { ...rateLimits, now }, onStoreError: 'closed' } as const;
    const { manager } = await createManager(memoryStorage(), { ...options, clock });
    for (let look = 0; look < 12; look += 1) {
      await manager.deliverMail();
      clock.set(clock.now() + minute / 4);
    }
    expect(asked).toBe(3);
  });

  test.each([
    [minute, []],
    [-minute, []],
    [minute + 1, [skewed(minute + 1)]],
    [-minute - 1, [skewed(-minute - 1)]],
  ])('is reported beyond a minute: %d ms ahead', async (aheadMs, reports) => {
    const { rateLimits } = memoryStorage();
    const clock = fakeClock();
    const now = () => clock.now() - aheadMs;
    expect(await reportsOf(clock, { ...rateLimits, now })).toMatchObject(reports);
  });
});
