import { type RateLimitStore, systemActor } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages, storages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

const userId = 'u_1';
const call = { orgId, userId };
const day = 24 * 3_600_000;

describeEach(allStorages())('usage day by day on $name', ({ create }) => {
  test('shows the numbers of the limits’ windows, for a member and for all', async () => {
    const { manager, join, clock } = await createTeam(create());
    await join(userId);
    await join('u_2');
    const start = clock.now();
    for (const [index, cost] of [3, 5, 0, 7].entries()) {
      clock.set(start + index * day);
      if (cost === 0) continue;
      await manager.consume({ ...call, cost });
      await manager.consume({ ...call, cost: 1, activity: 'export' });
      await manager.record({ orgId, userId: 'u_2', units: 10 });
    }
    const range = { from: '2026-11-22', to: '2026-11-27' };
    const own = await manager.usageHistory({ ...call, actor: { userId }, ...range });
    const row = (date: string, search: number, exported: number) => ({
      date,
      used: search + exported,
      activities: [
        { activity: 'search', used: search },
        { activity: 'export', used: exported },
      ],
    });
    expect(own).toEqual({
      timeZone: 'UTC',
      days: [
        row('2026-11-22', 0, 0),
        row('2026-11-23', 3, 1),
        row('2026-11-24', 5, 1),
        row('2026-11-25', 0, 0),
        row('2026-11-26', 7, 1),
        row('2026-11-27', 0, 0),
      ],
    });
    const all = await manager.usageHistory({ orgId, actor: admin, ...range });
    expect(all.days.map(({ used }) => used)).toEqual([0, 14, 16, 0, 18, 0]);
    for (const who of [{ userId }, {}]) {
      const today = { orgId, actor: admin, ...who };
      const { windows } = await manager.usage(today);
      const { days } = await manager.usageHistory(today);
      expect(days).toHaveLength(30);
      expect(days.at(-1)?.date).toBe('2026-11-26');
      const month = days.filter(({ date }) => date.startsWith('2026-11'));
      const sum = month.reduce((total, { used }) => total + used, 0);
      expect(windows.map(({ used }) => used)).toEqual([days.at(-1)?.used, sum]);
    }
  });

  test('is swept in batches once nobody needs it any more, and not before', async () => {
    const storage = create();
    const { rateLimits } = storage;
    const { manager, join, clock } = await createTeam(storage);
    await join(userId);
    const windows = Array.from({ length: 700 }, (_, index) => ({
      key: `old-${index}`,
      cost: 1,
      limit: null,
      keepMs: index % 2 === 0 ? -1 : day,
    }));
    await rateLimits.consume({ partition: orgId, windows });
    await manager.consume({ ...call, cost: 4, idempotencyKey: 'a' });
    clock.set(clock.now() + 2 * 60_000);
    await manager.deliverMail();
    const kept = async () => {
      const held = await rateLimits.get(
        orgId,
        windows.map(({ key }) => key),
      );
      return held.reduce((sum, used) => sum + used, 0);
    };
    // In memory they go as others begin.
    expect(await kept()).toBe(rateLimits.sweep ? 350 : 700);
    const range = { from: '2026-11-23', to: '2026-11-23' };
    const { days } = await manager.usageHistory({ ...call, actor: admin, ...range });
    expect(days.map(({ used }) => used)).toEqual([4]);
  });
});

test('is kept for a year and a month after its month, an idempotency key for a day', async () => {
  const { rateLimits } = memoryStorage();
  const lives = new Map<string, number>();
  const store: RateLimitStore = {
    consume(request) {
      for (const { key, keepMs } of request.windows) lives.set(key.slice(0, 2), keepMs / day);
      return rateLimits.consume(request);
    },
    get: (partition, keys) => rateLimits.get(partition, keys),
  };
  const { manager, join } = await createTeam(memoryStorage(), {
    rateLimitStore: store,
    onStoreError: 'closed',
  });
  await join(userId);
  await manager.setLimit({ ...call, actor: admin, daily: 1 });
  await manager.consume({ ...call, idempotencyKey: 'a' });
  await manager.record({ ...call, units: 2 });
  await manager.record({ ...call, units: -1 });
  const month = 31;
  const kept = month + 1 + 366 + month;
  for (const counter of ['u/', 'o/', 't/', 'b/']) {
    expect([counter, lives.get(counter)]).toEqual([counter, expect.any(Number)]);
    expect(lives.get(counter)).toBeGreaterThanOrEqual(kept);
  }
  expect([lives.get('k/'), lives.get('c/')]).toEqual([1, 1]);
});

test('a range that is none is refused, and who may not look sees nothing', async () => {
  for (const { create } of storages) {
    const { manager, join } = await createTeam(create());
    await join(userId);
    const history = (input: object) =>
      codeOf(manager.usageHistory({ orgId, actor: admin, ...input }));
    for (const range of [
      { from: '2025-10-19' },
      { from: '2026-11-24' },
      { from: '2026-11-02', to: '2026-11-01' },
      { from: '2026-01-01', to: '2027-01-02' },
      { from: '2026-02-30' },
    ]) {
      expect([range, await history(range)]).toEqual([range, 'invalid_input']);
    }
    expect(await history({ from: '2025-10-20', to: '2026-10-20' })).toBe('done');
    expect(await history({ actor: systemActor, userId: 'u_9' })).toBe('member_not_found');
    expect(await history({ actor: { userId } })).toBe('not_an_admin');
    expect(await history({ actor: { userId }, userId: admin.userId })).toBe('not_an_admin');
    expect(await history({ actor: { userId }, userId })).toBe('done');
  }
});

test('a year of a hundred activities is read in pieces', async () => {
  const storage = memoryStorage({ now: () => 0 });
  const reads: number[] = [];
  const { manager } = await createTeam(storage, {
    onStoreError: 'closed',
    activities: Array.from({ length: 100 }, (_, index) => `a${index}`),
    rateLimitStore: {
      consume: (request) => storage.rateLimits.consume(request),
      get(partition, keys) {
        reads.push(keys.length);
        return storage.rateLimits.get(partition, keys);
      },
    },
  });
  await manager.consume({ orgId, userId: admin.userId, activity: 'a99', cost: 2 });
  reads.length = 0;
  const range = { from: '2025-11-23', to: '2026-11-23' };
  const { days } = await manager.usageHistory({ orgId, actor: admin, ...range });
  expect(days).toHaveLength(366);
  expect(days.at(-1)?.activities.at(-1)).toEqual({ activity: 'a99', used: 2 });
  expect(Math.max(...reads)).toBe(1000);
});
