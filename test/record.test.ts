import { type ChargeRequest, type OrgUserManager, systemActor } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { describeEach } from './fixtures/servers.ts';
import { allStorages, storages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

const userId = 'u_1';
const call = { orgId, userId };
const hour = 3_600_000;

/** What member and organization used in day and month, and the activities of the month. */
async function counters(manager: OrgUserManager) {
  const reports = [
    await manager.usage({ orgId, actor: systemActor, userId }),
    await manager.usage({ orgId, actor: systemActor }),
  ];
  return reports.map(({ windows, activities }) => [
    ...windows.map(({ used }) => used),
    activities.map(({ thisMonth }) => thisMonth),
  ]);
}

const same = <T>(value: T) => [value, value];

describeEach(allStorages())('recording usage on $name', ({ create }) => {
  test('counts past every limit, and later charges are refused', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ ...call, actor: admin, daily: 5 });
    await manager.consume({ ...call, cost: 4 });
    const recorded = await manager.record({ ...call, units: 6, activity: 'export' });
    expect(recorded).toMatchObject({ units: 6, timeZone: 'UTC' });
    expect(recorded.windows[0]).toMatchObject({
      policy: 'user-day',
      limit: 5,
      used: 10,
      remaining: 0,
    });
    expect(await counters(manager)).toEqual(same([10, 10, [4, 6]]));
    expect(await manager.consume(call)).toMatchObject({ violated: ['user-day'] });
    await manager.disable({ ...call, actor: admin });
    // It has happened, whatever became of the member.
    expect(await manager.record({ ...call, units: 1 })).toMatchObject({ units: 1 });
    expect(await counters(manager)).toEqual(same([11, 11, [5, 6]]));
  });

  test('counts in the day and the month in which it happened', async () => {
    const { manager, join, clock } = await createTeam(create());
    await join(userId);
    await manager.record({ ...call, units: 3, at: new Date(clock.now() - 24 * hour) });
    expect(await counters(manager)).toEqual(same([0, 3, [3, 0]]));
    await manager.record({ ...call, units: 5, at: new Date(clock.now() - 30 * 24 * hour) });
    expect(await counters(manager)).toEqual(same([0, 3, [3, 0]]));
    clock.set(clock.now() - 30 * 24 * hour);
    expect(await counters(manager)).toEqual(same([5, 5, [5, 0]]));
  });

  test('once for each idempotency key, which is none of consume’s', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    const keyed = { ...call, idempotencyKey: 'job-1' };
    await manager.consume({ ...keyed, cost: 2 });
    expect(await manager.record({ ...keyed, units: 7 })).not.toHaveProperty('replayed');
    const repeated = Array.from({ length: 20 }, () => manager.record({ ...keyed, units: 7 }));
    for (const again of await Promise.all(repeated)) {
      expect(again).toMatchObject({ units: 7, replayed: true });
    }
    expect(await counters(manager)).toEqual(same([9, 9, [9, 0]]));
  });

  test('a correction takes back what is there, and never more', async () => {
    const { manager, join, clock } = await createTeam(create());
    await join(userId);
    await manager.record({ ...call, units: 50, at: new Date(clock.now() - 24 * hour) });
    await manager.record({ ...call, units: 10 });
    await manager.record({ ...call, units: 4, activity: 'export' });
    expect(await manager.record({ ...call, units: -3 })).toMatchObject({ units: -3 });
    expect(await counters(manager)).toEqual(same([11, 61, [57, 4]]));
    const keyed = { ...call, units: -9, activity: 'export', idempotencyKey: 'fix' };
    // Four of export are there today, whatever the day and the month hold of others.
    expect(await manager.record(keyed)).toMatchObject({ units: -4 });
    expect(await manager.record(keyed)).toMatchObject({ units: -4, replayed: true });
    expect(await counters(manager)).toEqual(same([7, 57, [57, 0]]));
    expect(await manager.record({ ...call, units: -9, activity: 'export' })).toMatchObject({
      units: 0,
    });
    await manager.setLimit({ ...call, actor: admin, daily: 8 });
    expect(await manager.consume(call)).toMatchObject({ allowed: true });
    expect(await manager.consume(call)).toMatchObject({ allowed: false });
  });

  test('corrections at once never take a unit twice', async () => {
    const storage = create();
    const { consume, get } = storage.rateLimits;
    let arrive: () => void = () => undefined;
    const all = new Promise<void>((resolve) => {
      let missing = 8;
      arrive = () => {
        missing -= 1;
        if (missing === 0) resolve();
      };
    });
    let isRace = false;
    const rateLimits = {
      consume,
      async get(partition: string, keys: readonly string[]) {
        const used = await get(partition, keys);
        if (!isRace) return used;
        // Everybody has read before anybody writes.
        arrive();
        await all;
        return used;
      },
    };
    const { manager, join, clock } = await createTeam({ ...storage, rateLimits });
    await join(userId);
    await manager.record({ ...call, units: 100, at: new Date(clock.now() - 24 * hour) });
    await manager.record({ ...call, units: 20 });
    isRace = true;
    const corrections = Array.from({ length: 8 }, () => manager.record({ ...call, units: -3 }));
    const taken = await Promise.all(corrections);
    isRace = false;
    expect(taken.map(({ units }) => units).sort()).toEqual([-2, -3, -3, -3, -3, -3, -3, 0].sort());
    expect(await counters(manager)).toEqual(same([0, 100, [100, 0]]));
  });
});

test('a correction that loses against others ten times says `conflict`, and not before', async () => {
  const storage = memoryStorage({ now: () => 0 });
  const { consume, get } = storage.rateLimits;
  let losses = 0;
  let tries = 0;
  const rateLimits = {
    get,
    consume(request: ChargeRequest) {
      if (request.windows.every(({ cost }) => cost > 0)) return consume(request);
      tries += 1;
      if (tries > losses) return consume(request);
      return { allowed: false, used: request.windows.map(() => 0) };
    },
  };
  const { manager, join } = await createTeam({ ...storage, rateLimits });
  await join(userId);
  await manager.record({ ...call, units: 5 });
  losses = 9;
  expect(await manager.record({ ...call, units: -1 })).toMatchObject({ units: -1 });
  expect(tries).toBe(10);
  [losses, tries] = [99, 0];
  await expect(manager.record({ ...call, units: -1 })).rejects.toMatchObject({ code: 'conflict' });
  expect(tries).toBe(10);
  expect(await counters(manager)).toEqual(same([4, 4, [4, 0]]));
});

test('nobody’s usage, a time to come and too much are refused', async () => {
  for (const { create } of storages) {
    const { manager, join, clock } = await createTeam(create());
    await join(userId);
    const wrong = async (input: object) => {
      const given = { ...call, units: 1, ...input };
      await expect(manager.record(given)).rejects.toMatchObject({ code: 'invalid_input' });
    };
    await wrong({ at: new Date(clock.now() + 6 * 60_000) });
    await wrong({ at: new Date(clock.now() - 367 * 24 * hour) });
    await manager.record({ ...call, units: Number.MAX_SAFE_INTEGER });
    await wrong({});
    await wrong({ idempotencyKey: 'again' });
    for (const unknown of [{ userId: 'u_9' }, { orgId: 'other' }]) {
      const given = { ...call, units: 1, ...unknown };
      await expect(manager.record(given)).rejects.toMatchObject({ code: 'member_not_found' });
    }
    const most = Number.MAX_SAFE_INTEGER;
    expect(await counters(manager)).toEqual(same([most, most, [most, 0]]));
  }
});
