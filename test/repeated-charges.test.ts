/** The same charge again and again is prepared once: what it counts in, and its limits, stay right. */
import type { Storage } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { admin, createTeam, orgId } from './fixtures/team.ts';

const userId = 'u_1';
const call = { orgId, userId };
const dayMs = 24 * 60 * 60 * 1000;

/** A storage that hands out the same rows for good, changed in place. */
function changingInPlace(storage: Storage): Storage {
  const rows = new Map<string, object>();
  const inPlace = <Row extends object>(key: string, row: Row): Row => {
    const known = Object.assign(rows.get(key) ?? {}, row);
    rows.set(key, known);
    return known;
  };
  return {
    ...storage,
    async load(query) {
      const { organization, members, ...rest } = await storage.load(query);
      return {
        ...rest,
        organization: organization && inPlace('organization', organization),
        members: members.map((member) => inPlace(member.userId, member)),
      };
    },
  };
}

test.each([
  ['replaces rows', memoryStorage],
  ['changes rows in place', () => changingInPlace(memoryStorage())],
])('limits, days and activities hold at once in a storage that %s', async (_name, create) => {
  const { manager, join, clock } = await createTeam(create());
  await join(userId);
  const limitTo = (daily: number) => manager.setLimit({ ...call, actor: admin, daily });
  const used = async (charge: object = {}) => {
    const decision = await manager.consume({ ...call, ...charge });
    if (!('windows' in decision)) throw new Error(decision.reason);
    return [decision.allowed, ...decision.windows.slice(0, 2).map((window) => window.used)];
  };
  await limitTo(2);
  expect([await used(), await used(), await used()]).toEqual([
    [true, 1, 1],
    [true, 2, 2],
    [false, 2, 2],
  ]);
  await limitTo(9);
  expect(await used()).toEqual([true, 3, 3]);
  expect(await used({ activity: 'export' })).toEqual([true, 4, 4]);
  expect(await used({ activity: 'export', cost: 3 })).toEqual([true, 7, 7]);
  clock.set(clock.now() + dayMs);
  expect(await used()).toEqual([true, 1, 8]);
  clock.set(clock.now() - dayMs);
  expect(await used()).toEqual([true, 8, 9]);
  await limitTo(8);
  expect(await used()).toEqual([false, 8, 9]);
  const { activities } = await manager.usage({ orgId, userId, actor: admin });
  expect(activities).toEqual([
    { activity: 'search', today: 4, thisMonth: 4 },
    { activity: 'export', today: 4, thisMonth: 4 },
  ]);
  await manager.disable({ ...call, actor: admin });
  expect(await manager.consume(call)).toEqual({ allowed: false, reason: 'member_disabled' });
});
