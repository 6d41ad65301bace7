/** What reservations, keys, corrections and thresholds come to when the store of the counters goes away. */
import {
  type MaybePromise,
  type OrgUserManagerOptions,
  type RateLimitStore,
  systemActor,
} from 'org-user-manager';
import { createUsageGuard } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../fixtures/code-of.ts';
import { createManager } from '../fixtures/manager.ts';
import { account, admin, createTeam, orgId } from '../fixtures/team.ts';

type Policy = NonNullable<OrgUserManagerOptions['onStoreError']>;

const userId = 'u_1';
const call = { orgId, userId };
const minute = 60_000;
const open: readonly Policy[] = ['open', { boundedOpen: 1000 }];

const yesAndNo = [true, false];
const settlers = ['itself', 'its process', 'another process'] as const;
/** Whether the store was given up before the reservation, and is away at the settlement; who settles. */
const ways = yesAndNo.flatMap((isGivenUp) =>
  yesAndNo.flatMap((isAway) => settlers.map((settler) => ({ isGivenUp, isAway, settler }))),
);

/** Two processes over one storage and one store of counters, which can be away. */
async function openProcesses(onStoreError: Policy, daily: number | null = null) {
  const { rateLimits } = memoryStorage({ now: () => 0 });
  const nothing: (key: string) => boolean = () => false;
  const state = { isAway: false, isLosing: false, isLost: nothing };
  const ask = async <T>(answer: () => MaybePromise<T>): Promise<T> => {
    if (state.isAway) throw new Error('connection refused');
    const result = await answer();
    if (state.isLosing) throw new Error('connection reset');
    return result;
  };
  const rateLimitStore: RateLimitStore = {
    consume: (request) =>
      request.windows.some(({ key }) => state.isLost(key))
        ? Promise.reject(new Error('connection refused'))
        : ask(() => rateLimits.consume(request)),
    get: (partition, keys) => ask(() => rateLimits.get(partition, keys)),
  };
  const storage = { ...memoryStorage({ now: () => 0 }), close: async () => undefined };
  const options = { rateLimitStore, onStoreError };
  let isDead = false;
  const unlessDead = <T>(answer: () => MaybePromise<T>) =>
    isDead ? Promise.reject(new Error('no such process')) : answer();
  const team = await createTeam(storage, {
    ...options,
    rateLimitStore: {
      consume: (request) => unlessDead(() => rateLimitStore.consume(request)),
      get: (partition, keys) => unlessDead(() => rateLimitStore.get(partition, keys)),
    },
  });
  const { manager, clock, join } = team;
  await join(userId);
  await manager.setLimit({ ...call, actor: admin, daily });
  const { manager: other } = await createManager(storage, { ...options, clock });
  const managers = [manager, other];
  const look = (of: typeof manager) => codeOf(of.usage({ ...call, actor: systemActor }));
  return {
    ...team,
    other,
    state,
    storage,
    /** The member's day, past the manager. */
    used: async () => (await rateLimits.get(orgId, ['u/2026-11-23//u_1']))[0],
    /** Nothing that the first process does reaches the counters any more. */
    die() {
      isDead = true;
    },
    /** The store goes away, and both processes have given it up. */
    async lose() {
      state.isAway = true;
      for (const of of managers) for (let turn = 0; turn < 5; turn += 1) await look(of);
    },
    /** It is back, and has been told what it has missed. */
    async regain() {
      Object.assign(state, { isAway: false, isLosing: false, isLost: nothing });
      clock.advance(1000);
      for (const of of managers) await look(of);
      await new Promise((resolve) => setImmediate(resolve));
    },
    async reserve(estimate: number, of = manager) {
      const decision = await of.reserve({ ...call, estimate });
      if (!decision.allowed) throw new Error(decision.reason);
      return decision;
    },
  };
}

describe.each(open)('%j: a reservation that was allowed without the counters', (policy) => {
  async function reserved(isGivenUp: boolean) {
    const place = await openProcesses(policy, 200);
    await place.manager.consume({ ...call, cost: 150 });
    if (isGivenUp) await place.lose();
    place.state.isAway = true;
    const decision = await place.reserve(100);
    expect(decision).toMatchObject({ uncounted: true });
    return { ...place, reservation: decision.reservation };
  }

  test.each([
    ['released', 0],
    ['settled with less', 30],
    ['settled with all of it', 100],
    ['settled with more', 130],
  ])('and is %s gives back nothing that was not counted', async (_how, actual) => {
    for (const { isGivenUp, isAway, settler } of ways) {
      const { manager, other, reservation, regain, used } = await reserved(isGivenUp);
      if (!isAway) await regain();
      const { token } = reservation;
      const settlements = {
        itself: () => reservation.commit(actual),
        'its process': () => manager.settleReservation({ token, actual }),
        'another process': () => other.settleReservation({ token, actual }),
      };
      expect(await settlements[settler]()).toEqual({ units: actual });
      await regain();
      expect(await used()).toBe(150 + actual);
      const replay = await other.settleReservation({ token, actual: 1 });
      expect(replay).toEqual({ units: actual, replayed: true });
      expect(await used()).toBe(150 + actual);
    }
  });

  test.each(yesAndNo)(
    'and is never settled gives back nothing (given up: %s)',
    async (isGivenUp) => {
      const { other, state, clock, used, storage, die } = await reserved(isGivenUp);
      // Another process finds what has expired.
      die();
      state.isAway = false;
      clock.advance(11 * minute);
      await other.deliverMail();
      await other.consume({ ...call, cost: 1000 });
      expect(await storage.reservations.nextExpiryAt()).toBeUndefined();
      expect(await used()).toBe(150);
    },
  );

  test('is never given back when its answer was lost, however it ends', async () => {
    const { state, reserve, regain, used } = await openProcesses(policy, 200);
    state.isLosing = true;
    const released = await reserve(10);
    const settled = await reserve(20);
    await regain();
    await released.reservation.release();
    await settled.reservation.commit(15);
    // The estimates had arrived, which cannot be known.
    expect(await used()).toBe(10 + 20 + 15);
  });

  test('of a guard that charges for success costs what the answer says', async () => {
    for (const [succeeded, units] of [
      [true, 50],
      [false, 0],
    ] as const) {
      const { manager, state, regain, used } = await openProcesses(policy, 200);
      await manager.consume({ ...call, cost: 150 });
      state.isAway = true;
      const identify = () => ({ ...account(userId), orgId });
      const options = { identify, cost: 50, chargeOn: 'success' } as const;
      const verdict = await createUsageGuard<unknown>(manager, options)(null);
      if (!verdict.allowed) expect.fail('refused');
      await regain();
      await verdict.usage.settle(succeeded);
      expect(await used()).toBe(150 + units);
    }
  });
});

test('closed: a settlement that cannot be counted is an error, and can be made again', async () => {
  const { reserve, lose, regain, used, storage } = await openProcesses('closed');
  const { reservation } = await reserve(20);
  await lose();
  expect(await codeOf(reservation.commit(8))).toBe('usage_unavailable');
  expect(await storage.reservations.nextExpiryAt()).toBeTypeOf('number');
  await regain();
  expect(await used()).toBe(20);
  expect(await reservation.commit(9)).toEqual({ units: 9 });
  expect(await used()).toBe(9);
});

test('what has expired and cannot be given back makes no error of a refusal', async () => {
  const { manager, state, clock, reserve, regain } = await openProcesses('closed', 5);
  await reserve(5);
  clock.advance(11 * minute);
  state.isLost = (key) => key.startsWith('r/');
  expect(await manager.consume(call)).toMatchObject({ reason: 'limit_exceeded' });
  await regain();
  expect(await manager.consume(call)).toMatchObject({ allowed: true });
});

test('so many settlements wait, and one more is an error', async () => {
  const { reserve, lose, regain, used } = await openProcesses('open');
  await lose();
  for (let count = 0; count < 10_000; count += 1) {
    await (await reserve(1)).reservation.commit(1);
  }
  const { reservation } = await reserve(1);
  expect(await codeOf(reservation.commit(1))).toBe('usage_unavailable');
  await regain();
  await expect.poll(used).toBe(10_000);
  expect(await reservation.commit(1)).toEqual({ units: 1 });
});

test('what a released reservation held without the counters can be held again', async () => {
  const { lose, reserve, manager } = await openProcesses({ boundedOpen: 10 });
  await lose();
  for (let turn = 0; turn < 5; turn += 1) {
    const { reservation } = await reserve(10);
    expect(await codeOf(manager.consume(call))).toBe('usage_unavailable');
    await reservation.release();
    await reservation.release();
  }
  const { reservation } = await reserve(10);
  await reservation.commit(4);
  await reserve(6);
  expect(await codeOf(manager.consume(call))).toBe('usage_unavailable');
});

test('a reservation that is released twice makes room once', async () => {
  const { lose, reserve, manager } = await openProcesses({ boundedOpen: 10 });
  await lose();
  const { reservation } = await reserve(4);
  await manager.consume({ ...call, cost: 6 });
  for (let turn = 0; turn < 2; turn += 1) await reservation.release();
  expect(await manager.consume({ ...call, cost: 4 })).toMatchObject({ uncounted: true });
  expect(await codeOf(manager.consume(call))).toBe('usage_unavailable');
});

test('a reservation that is settled with more takes no more room than it had', async () => {
  const { lose, reserve, manager } = await openProcesses({ boundedOpen: 10 });
  await lose();
  const { reservation } = await reserve(6);
  await reservation.commit(9);
  expect(await manager.consume({ ...call, cost: 4 })).toMatchObject({ uncounted: true });
});

describe.each(open)('%j: while the counters are away', (policy) => {
  test('two processes that release one reservation give it back once', async () => {
    const { manager, other, lose, regain, reserve, used } = await openProcesses(policy);
    await manager.consume({ ...call, cost: 50 });
    const { reservation } = await reserve(20);
    await lose();
    expect(await reservation.release()).toEqual({ units: 0 });
    await other.settleReservation({ token: reservation.token, actual: 0 });
    await regain();
    expect(await used()).toBe(50);
  });

  test('of two settlements at one moment the first one is answered, the other is a replay', async () => {
    const { reserve, state, regain, used } = await openProcesses(policy);
    const { reservation } = await reserve(20);
    state.isAway = true;
    const settlements = await Promise.all([reservation.commit(8), reservation.release()]);
    expect(settlements).toEqual([{ units: 8 }, { units: 8, replayed: true }]);
    await regain();
    expect(await used()).toBe(8);
  });

  test('what another process has settled meanwhile is what counts', async () => {
    const { other, state, reserve, regain, used } = await openProcesses(policy);
    const { reservation } = await reserve(20);
    state.isAway = true;
    expect(await reservation.release()).toEqual({ units: 0 });
    state.isAway = false;
    const { token } = reservation;
    expect(await other.settleReservation({ token, actual: 7 })).toEqual({ units: 7 });
    await regain();
    expect(await reservation.release()).toEqual({ units: 7, replayed: true });
    expect(await used()).toBe(7);
  });

  test('a release that another process’s expiry overtakes is given back once', async () => {
    const { manager, other, state, clock, reserve, used, lose } = await openProcesses(policy);
    await manager.consume({ ...call, cost: 50 });
    const { reservation } = await reserve(20);
    await lose();
    await reservation.release();
    state.isAway = false;
    clock.advance(11 * minute);
    await other.deliverMail();
    await manager.consume(call);
    await manager.close();
    expect(await used()).toBe(51);
  });

  test('units that are committed stay counted when the process dies', async () => {
    const { lose, die, state, clock, reserve, other, used } = await openProcesses(policy);
    const { reservation } = await reserve(5);
    await lose();
    expect(await reservation.commit(5)).toEqual({ units: 5 });
    die();
    state.isAway = false;
    clock.advance(11 * minute);
    await other.deliverMail();
    await other.consume({ ...call, cost: 1 });
    expect(await used()).toBe(6);
  });

  test('a settlement whose answer is lost is made once, and the first one stays', async () => {
    const { manager, state, reserve, regain, used } = await openProcesses(policy);
    const recovered: unknown[] = [];
    manager.on('usage.store_recovered', (event) => void recovered.push(event));
    const { reservation } = await reserve(20);
    state.isLosing = true;
    expect(await reservation.commit(8)).toEqual({ units: 8 });
    expect(await reservation.release()).toEqual({ units: 8, replayed: true });
    await regain();
    expect(await reservation.release()).toEqual({ units: 8, replayed: true });
    expect(await used()).toBe(8);
    // The store was never given up, so that there is nothing to tell of.
    expect(recovered).toEqual([]);
  });

  test('settlements that wait are tried again until the store answers to the end', async () => {
    const { state, clock, manager, reserve, regain, lose, used } = await openProcesses(policy);
    const [first, second] = [await reserve(20), await reserve(30)];
    await lose();
    await first.reservation.commit(8);
    await second.reservation.commit(9);
    state.isAway = false;
    state.isLost = (key) => key.startsWith('r/');
    clock.advance(1000);
    await manager.usage({ ...call, actor: systemActor });
    await new Promise((resolve) => setImmediate(resolve));
    expect(await used()).toBe(50);
    await regain();
    expect(await used()).toBe(17);
  });

  test('a settlement that can never be counted holds up no other one, and `onError` hears', async () => {
    const { reserve, regain, lose, used, errors } = await openProcesses(policy);
    const [first, second] = [await reserve(20), await reserve(30)];
    await lose();
    // More than a counter holds, together with what the other one holds.
    await first.reservation.commit(Number.MAX_SAFE_INTEGER - 2);
    await second.reservation.commit(9);
    await regain();
    expect(await used()).toBe(29);
    expect(errors).toContainEqual(expect.objectContaining({ code: 'invalid_input' }));
    expect(await first.reservation.commit(8)).toEqual({ units: 8 });
    expect(await used()).toBe(17);
  });

  test('closing the manager makes the settlements that wait', async () => {
    const { manager, state, reserve, lose, used } = await openProcesses(policy);
    const { reservation } = await reserve(20);
    await lose();
    await reservation.commit(8);
    state.isAway = false;
    await manager.close();
    expect(await used()).toBe(8);
  });

  test('a settlement that waits is usage that is not counted yet', async () => {
    const { manager, reserve, regain, lose } = await openProcesses(policy);
    const { reservation } = await reserve(20);
    await lose();
    await reservation.commit(25);
    const owner = { userId: 'u_other', email: 'other@example.com' };
    await manager.createOrganization({ orgId: 'other', name: 'Other', admin: owner });
    const codes = async (of: string) =>
      (await manager.usageHealth({ orgId: of, actor: systemActor })).warnings.map(
        ({ code }) => code,
      );
    expect(await codes(orgId)).toContain('usage_uncounted');
    expect(await codes('other')).not.toContain('usage_uncounted');
    await regain();
    expect(await codes(orgId)).not.toContain('usage_uncounted');
  });

  test('what has a key is counted past the limit, too', async () => {
    const { manager, other, lose, regain, used } = await openProcesses(policy, 10);
    await lose();
    await manager.consume({ ...call, cost: 6, idempotencyKey: 'one' });
    await other.consume({ ...call, cost: 6, idempotencyKey: 'another' });
    await regain();
    expect(await used()).toBe(12);
  });

  test('a key that several processes charge is counted once, and goes on being replayed', async () => {
    const { manager, other, lose, regain, used } = await openProcesses(policy);
    const early = { ...call, cost: 3, idempotencyKey: 'early' };
    const late = { ...call, cost: 4, idempotencyKey: 'late' };
    await manager.consume(early);
    await lose();
    for (const of of [manager, other]) {
      expect(await of.consume(early)).toMatchObject({ allowed: true });
      expect(await of.consume(late)).toMatchObject({ allowed: true, uncounted: true });
      expect(await of.consume(late)).toMatchObject({ allowed: true, replayed: true });
      expect(await codeOf(of.consume({ ...late, cost: 5 }))).toBe('idempotency_key_reused');
    }
    await regain();
    expect(await used()).toBe(3 + 4);
    for (const of of [manager, other]) {
      expect(await of.consume(early)).toMatchObject({ cost: 3, replayed: true });
      expect(await of.consume(late)).toMatchObject({ cost: 4, replayed: true });
      expect(await codeOf(of.consume({ ...late, cost: 5 }))).toBe('idempotency_key_reused');
    }
  });

  test('a keyed charge whose answer is lost is counted once', async () => {
    const { manager, state, regain, used } = await openProcesses(policy);
    const keyed = (idempotencyKey: string) => manager.consume({ ...call, cost: 3, idempotencyKey });
    state.isLosing = true;
    expect(await keyed('arrived')).toMatchObject({ uncounted: true });
    state.isAway = true;
    expect(await keyed('never-arrived')).toMatchObject({ uncounted: true });
    await regain();
    expect(await used()).toBe(6);
  });

  test('a key that was used for two costs counts both, since both were allowed', async () => {
    const { manager, other, lose, regain, used } = await openProcesses(policy);
    await lose();
    await manager.consume({ ...call, cost: 3, idempotencyKey: 'a' });
    await other.consume({ ...call, cost: 7, idempotencyKey: 'a' });
    await regain();
    expect(await used()).toBe(10);
  });

  test('nothing is taken back, and a correction says so', async () => {
    const { manager, state, lose, regain, used } = await openProcesses(policy);
    await manager.record({ ...call, units: 20, at: new Date(Date.parse('2026-11-22T12:00:00Z')) });
    await manager.record({ ...call, units: 9 });
    // What is there can be read, and not written.
    state.isLost = (key) => key.startsWith('b/');
    expect(await codeOf(manager.record({ ...call, units: -4 }))).toBe('usage_unavailable');
    await lose();
    expect(await codeOf(manager.record({ ...call, units: -4 }))).toBe('usage_unavailable');
    await regain();
    expect(await used()).toBe(9);
    expect(await manager.record({ ...call, units: -4 })).toMatchObject({ units: -4 });
  });

  test('a threshold that a counted charge has reached is told when they are back, once', async () => {
    const { manager, state, regain, clock } = await openProcesses(policy, 10);
    const told: number[] = [];
    manager.on('usage.threshold_reached', ({ percent }) => void told.push(percent));
    // The charge is made, and then the store goes away.
    state.isLost = (key) => key.startsWith('t/');
    expect(await manager.consume({ ...call, cost: 8 })).not.toHaveProperty('uncounted');
    expect(told).toEqual([]);
    await regain();
    for (let turn = 0; turn < 2; turn += 1) {
      clock.advance(10 * minute);
      await manager.deliverMail();
      expect(told).toEqual([80]);
    }
  });
});
