/** Clocks that are set, back or forward: no fresh allowance, no exception, nothing told twice. */
import type { Storage } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { describeEach } from './fixtures/servers.ts';
import { allStorages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

const userId = admin.userId;
const call = { orgId, userId };
const hour = 3_600_000;
const day = 24 * hour;

// The memory storage reads a clock for its own clean-up: here it is the manager's.
const clocked = {
  name: 'memory, by the same clock',
  needs: [],
  create: () => memoryStorage({ now: () => now() }),
};
let now = () => 0;

async function createLimited(storage: Storage) {
  const team = await createTeam(storage, { usageThresholdPercents: [80] });
  const { manager, clock } = team;
  now = clock.now;
  await manager.setLimit({ ...call, actor: admin, daily: 5 });
  const told: string[] = [];
  manager.on('usage.threshold_reached', ({ policy }) => void told.push(policy));
  return { ...team, told };
}

describeEach([clocked, ...allStorages()])('on $name', ({ create }) => {
  test('a used-up day stays so, whatever the clock shows in between, and whoever sweeps', async () => {
    const { manager, clock, errors, told } = await createLimited(create());
    const noon = clock.now();
    await manager.consume({ ...call, cost: 5, idempotencyKey: 'noon' });
    // Within the 400 days for which counters are kept.
    const jumps = [-31 * day, -day, -hour, hour, day, 31 * day, 366 * day];
    for (const jump of [...jumps, ...jumps.toReversed()]) {
      clock.set(noon + jump);
      await manager.deliverMail();
      await manager.usageHistory({ ...call, actor: admin });
      await manager.usageHealth({ orgId, actor: admin });
      const isSameDay = Math.abs(jump) < day;
      const decision = await manager.consume({ ...call, cost: 5 });
      if (isSameDay) expect(decision).toMatchObject({ allowed: false, violated: ['user-day'] });
      clock.set(noon);
      expect(await manager.consume(call)).toMatchObject({ allowed: false });
    }
    // A reservation goes back while the clock is ahead; what the work cost counts all the same.
    await manager.setLimit({ ...call, actor: admin, daily: null });
    const reserved = await manager.reserve({ ...call, estimate: 4 });
    if (!('reservation' in reserved)) throw new Error('refused');
    for (const jump of [-day, 2 * hour]) {
      clock.set(noon + jump);
      await manager.deliverMail();
    }
    clock.set(noon);
    expect((await reserved.reservation.commit(2)).units).toBe(2);
    const { windows } = await manager.usage({ ...call, actor: admin });
    expect(windows[0]?.used).toBe(7);
    expect(new Set(told)).toEqual(new Set(['user-day']));
    // Once for noon's day, and once for each of the five other days that were used up.
    expect(told).toHaveLength(6);
    for (const jump of [-20 * 366 * day, 9000 * day]) {
      clock.set(noon + jump);
      await manager.deliverMail();
      expect(await manager.consume(call)).toMatchObject({ allowed: true });
    }
    expect(errors).toEqual([]);
  });

  test('one look of a minute deletes all that is past its end, 500 counters at a time', async () => {
    const storage = create();
    const { rateLimits } = storage;
    const { manager, clock } = await createLimited(storage);
    if (!rateLimits.sweep) return;
    const windows = Array.from({ length: 1200 }, (_, index) => ({
      key: `old-${index}`,
      cost: 1,
      limit: null,
      keepMs: -1,
    }));
    for (let start = 0; start < windows.length; start += 300) {
      await rateLimits.consume({ partition: orgId, windows: windows.slice(start, start + 300) });
    }
    const left = async () => {
      const held = await rateLimits.get(
        orgId,
        windows.map(({ key }) => key),
      );
      return held.reduce((sum, used) => sum + used, 0);
    };
    expect(await rateLimits.sweep()).toBe(true);
    expect(await left()).toBe(700);
    clock.advance(2 * 60_000);
    await manager.deliverMail();
    expect(await left()).toBe(0);
    expect(await rateLimits.sweep()).toBe(false);
  });
});

test('a clean-up that never ends makes way after a while, and goes on a minute later', async () => {
  const storage = memoryStorage({ now: () => 0 });
  let sweeps = 0;
  const sweep = async () => {
    sweeps += 1;
    return true;
  };
  const { manager, clock } = await createTeam(storage, {
    rateLimitStore: { ...storage.rateLimits, sweep },
    onStoreError: 'closed',
  });
  const done: number[] = [];
  for (const wait of [2 * 60_000, 1000, 60_000]) {
    clock.advance(wait);
    await manager.deliverMail();
    done.push(sweeps);
  }
  expect(done.map((count) => count - (done[0] ?? 0))).toEqual([0, 0, 40]);
});
