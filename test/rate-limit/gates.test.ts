/** What the figures of speed are worth nothing without: see `npm run bench:gates` for the peers. */
import { setTimeout } from 'node:timers/promises';
import type { OrgUserManager } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, test } from 'vitest';
import { describeEach } from '../fixtures/servers.ts';
import { allStorages } from '../fixtures/storages.ts';
import { admin, createTeam, orgId } from '../fixtures/team.ts';

const dayMs = 24 * 3_600_000;
const userId = 'u_1';
const call = { orgId, userId };

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

async function usedBy(manager: OrgUserManager) {
  const { windows } = await manager.usage({ orgId, actor: admin, userId });
  return windows.map(({ used }) => used);
}

describe('C1: in memory, a window of a month holds', () => {
  test('5 of 12 charges, and no more a second later, nor after 29 days', async () => {
    const { manager, join, clock } = await createTeam(memoryStorage({ now: () => clock.now() }));
    clock.set(Date.parse('2026-12-01T00:00:00Z'));
    await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId, monthly: 5 });
    const charge = async () => (await manager.consume(call)).allowed;
    const results: boolean[] = [];
    for (const _ of times(12, Number)) {
      results.push(await charge());
      await setTimeout(1);
    }
    expect(results.filter(Boolean)).toHaveLength(5);
    await setTimeout(1000);
    expect(await charge()).toBe(false);
    for (const _ of times(29, Number)) {
      clock.advance(dayMs);
      expect(await charge()).toBe(false);
    }
    clock.advance(2 * dayMs);
    expect(await charge()).toBe(true);
  });

  test('ten thousand other members reset nobody', async () => {
    const { rateLimits } = memoryStorage({ now: () => 0 });
    const consume = (key: string) => {
      const windows = [{ key, cost: 1, limit: 5, keepMs: 30 * dayMs }];
      return rateLimits.consume({ partition: orgId, windows });
    };
    for (const _ of times(5, Number)) await consume('victim');
    for (const other of times(10_000, String)) await consume(other);
    expect(await consume('victim')).toEqual({ allowed: false, used: [5] });
  });
});

describeEach(allStorages())('on $name', ({ create }) => {
  test('C4: 500 charges at once count 500, and a limit of 300 lets 300 through', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await join('u_2');
    await Promise.all(times(500, () => manager.consume(call)));
    expect(await usedBy(manager)).toEqual([500, 500]);
    await manager.setLimit({ orgId, actor: admin, userId: 'u_2', daily: 300 });
    const results = await Promise.all(times(500, () => manager.consume({ orgId, userId: 'u_2' })));
    expect(results.filter(({ allowed }) => allowed)).toHaveLength(300);
  });

  test('C5: a day that refuses leaves the month as it is, and so does one charge too large', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId, daily: 3, monthly: 100 });
    for (const _ of times(50, Number)) await manager.consume(call);
    expect(await usedBy(manager)).toEqual([3, 3]);
    await manager.setLimit({ orgId, actor: admin, userId, daily: 10 });
    expect(await manager.consume({ ...call, cost: 500 })).toMatchObject({ allowed: false });
    expect(await manager.consume({ ...call, cost: 7 })).toMatchObject({ allowed: true });
    expect(await usedBy(manager)).toEqual([10, 10]);
  });
});
