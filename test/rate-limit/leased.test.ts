/** Leases over a store in memory, seen from both sides, and a race of processes for a limit. */
import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isOrgUserManagerError, type RateLimitStore, type UsageWindow } from 'org-user-manager';
import { type LeaseOptions, leasedRateLimitStore } from 'org-user-manager/leased';
import { memoryStorage } from 'org-user-manager/memory';
import { fakeClock } from 'org-user-manager/testing';
import { describe, expect, test, vi } from 'vitest';
import { patientCaller } from '../fixtures/caller.ts';
import { createGate } from '../fixtures/gate.ts';
import { admin, createTeam, orgId } from '../fixtures/team.ts';

const partition = 'acme';

const window = (key: string, cost: number, limit: number | null): UsageWindow => ({
  key,
  cost,
  limit,
  keepMs: 3_600_000,
});

/** Processes that lease from one store. */
function openProcesses(count: number, options: LeaseOptions = {}) {
  const { rateLimits } = memoryStorage({ now: () => 0 });
  const clock = fakeClock();
  const state = { asked: 0, isAway: false };
  const shared: RateLimitStore = {
    async consume(request) {
      state.asked += 1;
      if (state.isAway) throw new Error('store down');
      return rateLimits.consume(request);
    },
    get: (of, keys) => rateLimits.get(of, keys),
  };
  const processes = Array.from({ length: count }, () => {
    const store = leasedRateLimitStore(shared, { clock, ...options });
    const charge = (limit: number | null, cost = 1, key = 'user') =>
      store.consume({ partition, windows: [window(key, cost, limit), window('org', cost, null)] });
    return { store, charge };
  });
  const counted = async (key = 'user') => (await rateLimits.get(partition, [key]))[0] ?? 0;
  const [first = processes[0]] = processes;
  if (!first) throw new Error('no process');
  return { ...first, processes, clock, state, counted };
}

test('most charges ask nobody, and are told what the counters hold', async () => {
  const { charge, state, store, counted } = openProcesses(1, { portion: 20 });
  for (let call = 1; call <= 1000; call += 1) {
    expect(await charge(null)).toEqual({ allowed: true, used: [call, call] });
  }
  expect(state.asked).toBeLessThanOrEqual(1000 / 20);
  expect(await store.get(partition, ['user', 'org', 'none'])).toEqual([1000, 1000, 0]);
  await store.close?.();
  expect(await counted()).toBe(1000);
});

test('one process alone reaches its limit to the unit, in ever smaller portions', async () => {
  const { charge, state, counted } = openProcesses(1, { portion: 100 });
  for (let call = 1; call <= 500; call += 1) {
    expect(await charge(500)).toMatchObject({ allowed: true, used: [call, call] });
  }
  expect(await charge(500)).toEqual({ allowed: false, used: [500, 500] });
  expect(await counted()).toBe(500);
  expect(state.asked).toBeLessThan(100);
});

test('near a limit a portion is one charge, so that little is out of reach of the others', async () => {
  const { processes, counted } = openProcesses(4, { portion: 50 });
  const limit = 200;
  let allowed = 0;
  for (let round = 0; round < 100; round += 1) {
    for (const { charge } of processes) allowed += Number((await charge(limit)).allowed);
  }
  expect(allowed).toBeLessThanOrEqual(limit);
  // Below ten there is nothing to take in advance.
  expect(allowed).toBeGreaterThanOrEqual(limit - 3);
  expect(await counted()).toBeLessThanOrEqual(limit);
});

test('a lowered limit holds from the next call on, and what was held goes back', async () => {
  const { charge, counted } = openProcesses(1, { portion: 20 });
  for (let call = 0; call < 5; call += 1) await charge(1000);
  expect(await counted()).toBeGreaterThan(5);
  expect(await charge(5)).toEqual({ allowed: false, used: [5, 5] });
  expect(await counted()).toBe(5);
  expect(await charge(6)).toEqual({ allowed: true, used: [6, 6] });
  expect(await charge(6)).toMatchObject({ allowed: false });
  expect(await charge(7)).toMatchObject({ allowed: true });
});

test('a limit that is lowered in the very list of the last charge holds, too', async () => {
  const { store, counted } = openProcesses(1, { portion: 50 });
  const charged = { ...window('user', 1, 1000) };
  const windows = [charged, window('org', 1, null)];
  const charge = () => store.consume({ partition, windows });
  for (let call = 1; call <= 100; call += 1) await charge();
  Object.assign(charged, { limit: 100 });
  expect(await charge()).toEqual({ allowed: false, used: [100, 100] });
  windows[0] = window('user', 1, 101);
  expect(await charge()).toMatchObject({ allowed: true, used: [101, 101] });
  expect(await charge()).toMatchObject({ allowed: false });
  expect(await counted()).toBe(101);
});

test('a clock that is set back prolongs no refusal', async () => {
  const { processes, charge, clock } = openProcesses(2);
  const [, other] = processes;
  await other?.charge(5, 5);
  expect(await charge(5)).toMatchObject({ allowed: false });
  await other?.charge(5, -5);
  expect(await charge(5)).toMatchObject({ allowed: false });
  clock.set(clock.now() - 3 * 86_400_000);
  expect(await charge(5)).toMatchObject({ allowed: true });
});

test('what one activity holds is no reason to refuse another one', async () => {
  const { store } = openProcesses(1, { portion: 20 });
  const charge = (activity: string, limit = 100) =>
    store.consume({ partition, windows: [window('day', 1, limit), window(activity, 1, null)] });
  for (let call = 0; call < 60; call += 1) await charge('search');
  let allowed = 60;
  while ((await charge('export')).allowed) allowed += 1;
  expect(allowed).toBe(100);
});

test('a refusal is repeated without asking, not beyond another limit, a return or its time', async () => {
  const { charge, state, clock, store } = openProcesses(1, { refusalMs: 1000 });
  while ((await charge(5)).allowed);
  state.asked = 0;
  for (let call = 0; call < 100; call += 1) {
    expect(await charge(5)).toEqual({ allowed: false, used: [5, 5] });
  }
  expect(state.asked).toBe(0);
  expect(await charge(6)).toMatchObject({ allowed: true });
  expect(await charge(6)).toMatchObject({ allowed: false });
  await store.consume({ partition, windows: [window('user', -1, null), window('org', -1, null)] });
  expect(await charge(6)).toMatchObject({ allowed: true });
  expect(await charge(6)).toMatchObject({ allowed: false });
  state.asked = 0;
  clock.advance(1000);
  await charge(6);
  expect(state.asked).toBe(1);
});

test('another process gives units back: they can be used a second later', async () => {
  const { processes, clock } = openProcesses(2);
  const [one, other] = processes;
  while ((await one?.charge(5))?.allowed);
  const back = [window('user', -2, null), window('org', -2, null)];
  await other?.store.consume({ partition, windows: back });
  expect(await one?.charge(5)).toMatchObject({ allowed: false });
  clock.advance(1000);
  expect(await one?.charge(5)).toMatchObject({ allowed: true });
});

test('what is not used goes back after a while, and when the store is closed', async () => {
  const { charge, clock, counted, store } = openProcesses(1, { portion: 20, idleMs: 5000 });
  for (let call = 0; call < 3; call += 1) await charge(null);
  expect(await counted()).toBeGreaterThan(3);
  clock.advance(10_000);
  await expect.poll(() => counted()).toBe(3);
  for (let call = 0; call < 3; call += 1) await charge(null);
  expect(await counted()).toBeGreaterThan(6);
  await store.close?.();
  expect(await counted()).toBe(6);
});

test('members who stay away are forgotten, and those who come again are not', async () => {
  const { charge, clock, state } = openProcesses(1, { idleMs: 5000 });
  for (const key of ['often', 'once']) {
    for (let call = 0; call < 3; call += 1) await charge(null, 1, key);
  }
  const scheduled = vi.spyOn(clock, 'schedule');
  state.asked = 0;
  for (let sweep = 0; sweep < 4; sweep += 1) {
    await charge(null, 1, 'often');
    clock.advance(5000);
  }
  // One of them gave its units back, once; the other one needed no more.
  expect(state.asked).toBe(1);
  for (let sweep = 0; sweep < 3; sweep += 1) clock.advance(5000);
  expect(state.asked).toBe(2);
  scheduled.mockClear();
  clock.advance(60_000);
  // Where nothing is kept, no timer runs.
  expect(scheduled).not.toHaveBeenCalled();
  expect(state.asked).toBe(2);
});

test('counters of members who stay away take no memory', async () => {
  const clock = fakeClock();
  const store = leasedRateLimitStore(
    {
      consume: async ({ windows }) => ({ allowed: true, used: windows.map(({ cost }) => cost) }),
      get: async (_, keys) => keys.map(() => 0),
    },
    { clock, idleMs: 5000 },
  );
  const before = heapInUse();
  const chargeMembers = async (cost: number) => {
    for (let member = 0; member < 200; member += 1) {
      // The key of a counter is long, so that what is kept stands out from noise.
      const key = randomBytes(50_000).toString('hex');
      for (let call = 0; call < 3; call += 1) {
        await store.consume({ partition, windows: [window(key, cost, null)] });
      }
    }
  };
  await chargeMembers(1);
  expect(heapInUse() - before).toBeGreaterThan(15e6);
  for (let sweep = 0; sweep < 3; sweep += 1) await clock.advance(5000);
  await nextTurn();
  expect(heapInUse() - before).toBeLessThan(5e6);
  // What is given back goes past the leases.
  await chargeMembers(-1);
  expect(heapInUse() - before).toBeLessThan(5e6);
  await store.close?.();
});

/** Bytes, after what nothing refers to has been collected. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

test('idle units go back by the clock of the system, too', async () => {
  const { charge, counted } = openProcesses(1, { portion: 20, idleMs: 10, clock: undefined });
  for (let call = 0; call < 3; call += 1) await charge(null);
  expect(await counted()).toBeGreaterThan(3);
  await expect.poll(() => counted()).toBe(3);
});

test('a refusal ends by the clock of the system, too', async () => {
  const { processes, charge, state } = openProcesses(2, { refusalMs: 60, clock: undefined });
  while ((await charge(3)).allowed);
  const back = [window('user', -1, null), window('org', -1, null)];
  await processes[1]?.store.consume({ partition, windows: back });
  state.asked = 0;
  expect(await charge(3)).toMatchObject({ allowed: false });
  expect(state.asked).toBe(0);
  await expect.poll(() => charge(3)).toMatchObject({ allowed: true });
});

test('a store that is away rejects whoever needs it; nothing is spent that was not charged', async () => {
  const { charge, state, counted } = openProcesses(1, { portion: 20 });
  for (let call = 0; call < 3; call += 1) await charge(null);
  const ready = (await counted()) - 3;
  state.isAway = true;
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => charge(null)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(ready);
  state.isAway = false;
  expect(await charge(null)).toMatchObject({ allowed: true });
});

/** A lease that is empty, and a call that waits for the store to fill it. */
async function openHanging() {
  const { rateLimits } = memoryStorage({ now: () => 0 });
  const gate = createGate();
  let isHanging = false;
  const store = leasedRateLimitStore({
    async consume(request) {
      const result = await rateLimits.consume(request);
      if (isHanging) await gate.pass();
      return result;
    },
    get: rateLimits.get,
  });
  const charge = (caller = patientCaller()) =>
    store.consume({ partition, windows: [window('user', 1, null)], caller });
  const counted = async () => (await rateLimits.get(partition, ['user']))[0];
  await charge();
  isHanging = true;
  const caller = patientCaller();
  const hanging = charge(caller);
  await gate.reached;
  isHanging = false;
  return { store, charge, counted, caller, hanging, answer: gate.open };
}

test('units that arrive after the store was closed go back', async () => {
  const { store, counted, hanging, answer } = await openHanging();
  expect(await counted()).toBeGreaterThan(2);
  await store.close?.();
  answer();
  expect(await hanging).toMatchObject({ allowed: true });
  await expect.poll(counted).toBe(2);
});

describe('a store that does not answer', () => {
  test('holds up nobody once its caller is gone, and loses no unit when it answers after all', async () => {
    const { store, charge, counted, caller, hanging, answer } = await openHanging();
    caller.isGone = true;
    expect(await charge()).toMatchObject({ allowed: true });
    answer();
    expect(await hanging).toMatchObject({ allowed: true });
    await store.close?.();
    expect(await counted()).toBe(3);
  });

  test('charges nobody who has left in the meantime', async () => {
    const { store, charge, counted, hanging, answer } = await openHanging();
    const caller = patientCaller();
    const waiting = charge(caller);
    caller.isGone = true;
    answer();
    await hanging;
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
    await store.close?.();
    expect(await counted()).toBe(2);
  });
});

test('hundreds of charges at once are as exact', async () => {
  const { processes, counted } = openProcesses(4, { portion: 30 });
  const results = await Promise.all(
    processes.flatMap(({ charge }) => Array.from({ length: 200 }, () => charge(300))),
  );
  const allowed = results.filter((result) => result.allowed).length;
  expect(allowed).toBeLessThanOrEqual(300);
  expect(allowed).toBeGreaterThanOrEqual(297);
  expect(await counted()).toBeLessThanOrEqual(300);
});

test('in a manager: disabling and a lowered limit hold from the next call on', async () => {
  const { store } = openProcesses(1, { portion: 50 });
  const { manager, join } = await createTeam(memoryStorage({ now: () => 0 }), {
    rateLimitStore: store,
    onStoreError: 'closed',
  });
  await join('u_1');
  const call = { orgId, userId: 'u_1' };
  for (let turn = 0; turn < 10; turn += 1) await manager.consume(call);
  await manager.setLimit({ orgId, actor: admin, userId: 'u_1', daily: 10 });
  expect(await manager.consume(call)).toMatchObject({
    violated: ['user-day'],
    windows: [{ used: 10 }, {}, {}, {}],
  });
  await manager.setLimit({ orgId, actor: admin, userId: 'u_1', daily: null });
  expect(await manager.consume(call)).toMatchObject({ allowed: true });
  const keyed = { ...call, idempotencyKey: 'a' };
  expect(await manager.consume(keyed)).not.toHaveProperty('replayed');
  expect(await manager.consume(keyed)).toMatchObject({ replayed: true });
  await manager.disable({ orgId, actor: admin, userId: 'u_1' });
  expect(await manager.consume(call)).toMatchObject({ reason: 'member_disabled' });
});

describe('the options', () => {
  test.each([
    ['portion', [0, 1.5, 10_001, '5', null]],
    ['idleMs', [0, 9, 600_001, null]],
    ['refusalMs', [-1, 60_001, null]],
    ['clock', [null, {}, { now: () => 0 }]],
    ['portions', [5]],
  ])('%s is checked', (name, values) => {
    for (const value of values) {
      const create = () =>
        leasedRateLimitStore(memoryStorage().rateLimits, Object({ [name]: value }));
      try {
        create();
        expect.unreachable(name);
      } catch (error) {
        if (!isOrgUserManagerError(error, 'invalid_options')) throw error;
        expect(error.details.issues.map(({ path }) => path)).toEqual([name]);
      }
    }
  });
});

test('old counters are cleaned up by the store, and the time is its own, where it has them', async () => {
  const { rateLimits } = memoryStorage();
  const store = {
    ...rateLimits,
    left: 2,
    async sweep() {
      this.left -= 1;
      return this.left > 0;
    },
    now() {
      return this.left + 5;
    },
  };
  const leased = leasedRateLimitStore(store);
  expect([await leased.sweep?.(), await leased.sweep?.()]).toEqual([true, false]);
  expect(await leased.now?.()).toBe(5);
  const plain = leasedRateLimitStore(rateLimits);
  expect(Object.keys(plain).toSorted()).toEqual(['close', 'consume', 'get']);
});
