import {
  type OrgUserManager,
  type ReserveDecision,
  systemActor,
  type UsageReserved,
} from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, test } from 'vitest';
import { createGate } from './fixtures/gate.ts';
import { createManager, secret } from './fixtures/manager.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages, storages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

const userId = 'u_1';
const call = { orgId, userId };
const minute = 60_000;
const hour = 60 * minute;

/** Day and month of the member and of the organization, and the activities of the month. */
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

function granted(decision: ReserveDecision): UsageReserved {
  if (!decision.allowed) throw new Error(decision.reason);
  return decision;
}

describeEach(allStorages())('reserving usage on $name', ({ create }) => {
  test('charges the estimate at once, and leaves what the work cost', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ ...call, actor: admin, daily: 10 });
    const decision = granted(await manager.reserve({ ...call, activity: 'export', estimate: 8 }));
    expect(decision).toMatchObject({ cost: 8, timeZone: 'UTC' });
    expect(decision.windows[0]).toMatchObject({ used: 8, remaining: 2 });
    expect(await manager.reserve({ ...call, estimate: 3 })).toMatchObject({
      allowed: false,
      violated: ['user-day'],
    });
    expect(await decision.reservation.commit(5)).toEqual({ units: 5 });
    expect(await counters(manager)).toEqual(same([5, 5, [0, 5]]));
    const { reservation } = granted(await manager.reserve({ ...call, estimate: 5 }));
    expect(await reservation.release()).toEqual({ units: 0 });
    const exact = granted(await manager.reserve({ ...call, estimate: 2 }));
    expect(await exact.reservation.commit(2)).toEqual({ units: 2 });
    expect(await counters(manager)).toEqual(same([7, 7, [2, 5]]));
  });

  test('what cost more than the estimate is counted, past the limit', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ ...call, actor: admin, daily: 10 });
    const { reservation } = granted(await manager.reserve({ ...call, estimate: 8 }));
    expect(await reservation.commit(25)).toEqual({ units: 25 });
    expect(await counters(manager)).toEqual(same([25, 25, [25, 0]]));
    expect(await manager.consume(call)).toMatchObject({ violated: ['user-day'] });
  });

  test('settles once, in whichever order and process', async () => {
    const storage = create();
    const { manager, join, clock } = await createTeam(storage);
    const other = (await createManager({ ...storage, close: async () => undefined }, { clock }))
      .manager;
    await join(userId);
    const { reservation } = granted(await manager.reserve({ ...call, estimate: 8 }));
    const { token } = reservation;
    const settlements = await Promise.all([
      reservation.commit(3),
      other.settleReservation({ token, actual: 4 }),
      reservation.release(),
      other.settleReservation({ token, actual: 12 }),
    ]);
    const [first] = settlements.filter((settlement) => !settlement.replayed);
    expect(settlements.filter((settlement) => settlement.replayed)).toHaveLength(3);
    const units = first?.units ?? -1;
    expect(settlements.map((settlement) => settlement.units)).toEqual([units, units, units, units]);
    expect(await counters(manager)).toEqual(same([units, units, [units, 0]]));
    clock.set(clock.now() + hour);
    await manager.deliverMail();
    await other.deliverMail();
    expect(await counters(manager)).toEqual(same([units, units, [units, 0]]));
  });

  test('a settlement lands in the windows that were charged', async () => {
    const { manager, join, clock } = await createTeam(create());
    await join(userId);
    const evening = Date.parse('2026-11-30T23:50:00Z');
    clock.set(evening);
    const over = granted(await manager.reserve({ ...call, estimate: 8, ttlMs: hour }));
    const under = granted(await manager.reserve({ ...call, estimate: 8, ttlMs: hour }));
    clock.set(evening + 20 * minute);
    await over.reservation.commit(11);
    await under.reservation.commit(1);
    expect(await counters(manager)).toEqual(same([0, 0, [0, 0]]));
    clock.set(evening);
    expect(await counters(manager)).toEqual(same([12, 12, [12, 0]]));
  });

  test('gives its units back when nobody settles it, and counts a late settlement', async () => {
    const { manager, join, clock } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ ...call, actor: admin, daily: 10 });
    const late = granted(await manager.reserve({ ...call, estimate: 6, ttlMs: minute }));
    const lost = granted(await manager.reserve({ ...call, estimate: 4, ttlMs: minute }));
    expect(lost.reservation.expiresAt).toEqual(new Date(clock.now() + minute));
    clock.set(clock.now() + minute - 1);
    expect(await manager.consume(call)).toMatchObject({ allowed: false });
    clock.set(clock.now() + 1);
    // A refusal is not final before what has expired is back.
    expect(await manager.consume(call)).toMatchObject({ allowed: true });
    expect(await counters(manager)).toEqual(same([1, 1, [1, 0]]));
    // The work was done all the same.
    expect(await late.reservation.commit(7)).toEqual({ units: 7 });
    expect(await late.reservation.commit(7)).toEqual({ units: 7, replayed: true });
    expect(await lost.reservation.release()).toEqual({ units: 0 });
    expect(await lost.reservation.commit(4)).toEqual({ units: 0, replayed: true });
    expect(await counters(manager)).toEqual(same([8, 8, [8, 0]]));
  });

  test('gives back what a process that died left behind, once', async () => {
    const storage = create();
    const { manager, join, clock } = await createTeam({ ...storage, close: async () => undefined });
    await join(userId);
    for (const estimate of [2, 3, 4]) await manager.reserve({ ...call, estimate });
    await manager.consume({ ...call, cost: 1 });
    await manager.close();
    clock.set(clock.now() + 11 * minute);
    const survivors = [
      await createManager({ ...storage, close: async () => undefined }, { clock }),
      await createManager(storage, { clock }),
    ];
    for (const survivor of survivors) await survivor.manager.deliverMail();
    for (const survivor of survivors) {
      expect(survivor.errors).toEqual([]);
      expect(await counters(survivor.manager)).toEqual(same([1, 1, [1, 0]]));
    }
    expect(await storage.reservations.nextExpiryAt()).toBeUndefined();
  });
});

test('a reservation that cannot be written down is taken back', async () => {
  for (const { create } of storages) {
    const storage = create();
    const insert = () => Promise.reject(new Error('disk full'));
    const reservations = { ...storage.reservations, insert };
    const { manager, join } = await createTeam({ ...storage, reservations });
    await join(userId);
    await expect(manager.reserve({ ...call, estimate: 5 })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(await counters(manager)).toEqual(same([0, 0, [0, 0]]));
  }
});

test('a settlement that cannot be struck off counts all the same, once', async () => {
  for (const { create } of storages) {
    const storage = create();
    let isDown = true;
    const reservations = {
      ...storage.reservations,
      remove: (id: string) =>
        isDown ? Promise.reject(new Error('down')) : storage.reservations.remove(id),
    };
    const { manager, join, clock, errors } = await createTeam({ ...storage, reservations });
    await join(userId);
    const { reservation } = granted(await manager.reserve({ ...call, estimate: 5 }));
    expect(await reservation.commit(3)).toEqual({ units: 3 });
    expect(errors).toMatchObject([{ code: 'unavailable' }]);
    isDown = false;
    clock.set(clock.now() + hour);
    await manager.deliverMail();
    expect(await storage.reservations.nextExpiryAt()).toBeUndefined();
    expect(await counters(manager)).toEqual(same([3, 3, [3, 0]]));
  }
});

test('a settlement that is repeated strikes the reservation off, when the first one could not', async () => {
  const storage = memoryStorage({ now: () => 0 });
  let isDown = true;
  const remove = (id: string) =>
    isDown ? Promise.reject(new Error('down')) : storage.reservations.remove(id);
  const reservations = { ...storage.reservations, remove };
  const { manager, join } = await createTeam({ ...storage, reservations });
  await join(userId);
  const { reservation } = granted(await manager.reserve({ ...call, estimate: 5 }));
  await reservation.commit(3);
  isDown = false;
  expect(await storage.reservations.nextExpiryAt()).toBeTypeOf('number');
  expect(await reservation.commit(3)).toEqual({ units: 3, replayed: true });
  expect(await storage.reservations.nextExpiryAt()).toBeUndefined();
});

test('a reservation that is made while the log is being read is not forgotten', async () => {
  const storage = memoryStorage();
  const { reservations } = storage;
  let gate: ReturnType<typeof createGate> | undefined;
  const nextExpiryAt = async () => {
    const next = await reservations.nextExpiryAt();
    await gate?.pass();
    return next;
  };
  const { manager, join, clock } = await createTeam({
    ...storage,
    reservations: { ...reservations, nextExpiryAt },
  });
  await join(userId);
  await manager.setLimit({ ...call, actor: admin, daily: 5 });
  await manager.deliverMail();
  clock.set(clock.now() + minute);
  gate = createGate();
  const inBackground = manager.deliverMail();
  await gate.reached;
  await manager.reserve({ ...call, estimate: 5, ttlMs: 1000 });
  gate.open();
  await inBackground;
  clock.set(clock.now() + 1000);
  expect(await manager.consume({ ...call, cost: 5 })).toMatchObject({ allowed: true });
});

test('however many have expired, refusals give them back one hundred after the other', async () => {
  const { manager, join, clock } = await createTeam(memoryStorage());
  await join(userId);
  await manager.setLimit({ ...call, actor: admin, daily: 150 });
  await manager.deliverMail();
  for (let count = 0; count < 150; count += 1) {
    await manager.reserve({ ...call, estimate: 1, ttlMs: 5000 });
  }
  clock.set(clock.now() + 5000);
  const consume = () => manager.consume({ ...call, cost: 150 });
  expect(await consume()).toMatchObject({ allowed: false, windows: [{ used: 50 }, {}, {}, {}] });
  expect(await consume()).toMatchObject({ allowed: true });
});

test('a token proves itself, and ends a day after the reservation', async () => {
  for (const { create } of storages) {
    const { manager, join, clock } = await createTeam(create(), {
      secret: ['8Qz3vTn7RbYw2Lx8Hc5Jd1Mf6Sg4PaK9', secret],
    });
    await join(userId);
    const { reservation } = granted(await manager.reserve({ ...call, estimate: 5 }));
    const { token } = reservation;
    const [payload = '', mac = ''] = token.split('.');
    const forged = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const richer = Buffer.from(JSON.stringify({ ...forged, estimate: 1 })).toString('base64url');
    for (const wrong of [
      '',
      'x',
      payload,
      `${payload}.`,
      `${payload}.x${mac}`,
      `${richer}.${mac}`,
    ]) {
      const settling = manager.settleReservation({ token: wrong, actual: 0 });
      await expect(settling).rejects.toMatchObject({ code: 'invalid_reservation' });
    }
    for (const actual of [-1, 0.5, Number.NaN, '1', undefined]) {
      const commit = Reflect.apply(reservation.commit, reservation, [actual]);
      await expect(commit).rejects.toMatchObject({ code: 'invalid_input' });
    }
    clock.set(clock.now() + 24 * hour + 10 * minute + 1);
    for (const settling of [
      manager.settleReservation({ token, actual: 1 }),
      reservation.release(),
    ]) {
      await expect(settling).rejects.toMatchObject({ code: 'invalid_reservation' });
    }
  }
});

test('a token outlives the secret that signed it for as long as that one is listed', async () => {
  const newSecret = '8Qz3vTn7RbYw2Lx8Hc5Jd1Mf6Sg4PaK9';
  const storage = memoryStorage({ now: () => 0 });
  const { manager, join, clock } = await createTeam(storage);
  await join(userId);
  const { reservation } = granted(await manager.reserve({ ...call, estimate: 5 }));
  const { token } = reservation;
  const options = (list: readonly [string, ...string[]]) => ({ secret: list, clock });
  const { manager: after } = await createManager(storage, options([newSecret]));
  await expect(after.settleReservation({ token, actual: 3 })).rejects.toMatchObject({
    code: 'invalid_reservation',
  });
  const { manager: both } = await createManager(storage, options([newSecret, secret]));
  expect(await both.settleReservation({ token, actual: 3 })).toEqual({ units: 3 });
  expect(await counters(both)).toEqual(same([3, 3, [3, 0]]));
  // What it signs itself is signed with the first secret.
  const next = granted(await both.reserve({ ...call, estimate: 5 })).reservation.token;
  expect(await after.settleReservation({ token: next, actual: 1 })).toEqual({ units: 1 });
});

test('who may not come in reserves nothing', async () => {
  for (const { create } of storages) {
    const { manager, join } = await createTeam(create());
    await join(userId);
    expect(await manager.reserve({ ...call, userId: 'u_9', estimate: 1 })).toEqual({
      allowed: false,
      reason: 'not_a_member',
    });
    await manager.disable({ ...call, actor: admin });
    expect(await manager.reserve({ ...call, estimate: 1 })).toEqual({
      allowed: false,
      reason: 'member_disabled',
    });
  }
});

describe('when another process gives back what has expired', () => {
  /** Reservations of 9 of 10 units that have expired, and a manager that has yet to look for them. */
  async function open(beforeLooking: (other: OrgUserManager) => Promise<unknown>) {
    const [first] = storages;
    if (!first) throw new Error('no storage');
    const storage = first.create();
    const { manager: other, join, clock } = await createTeam(storage);
    await join(userId);
    await other.setLimit({ ...call, actor: admin, daily: 10 });
    for (const estimate of [8, 1]) await other.reserve({ ...call, estimate, ttlMs: minute });
    clock.set(clock.now() + minute);
    const { reservations } = storage;
    const nextExpiryAt = async () => {
      await beforeLooking(other);
      return reservations.nextExpiryAt();
    };
    const { manager } = await createManager(
      { ...storage, reservations: { ...reservations, nextExpiryAt } },
      { clock },
    );
    return { manager, clock, consume: () => manager.consume({ ...call, cost: 5 }) };
  }

  test('between a refusal and the look, the charge is tried again', async () => {
    let looks = 0;
    const { manager, consume } = await open(async (other) => {
      looks += 1;
      if (looks > 1) return;
      expect(await other.consume({ ...call, cost: 5 })).toMatchObject({ allowed: true });
    });
    expect(await consume()).toMatchObject({ allowed: true });
    expect(await counters(manager)).toEqual(same([10, 10, [10, 0]]));
    expect(await consume()).toMatchObject({ allowed: false });
    expect(looks).toBe(1);
  });

  test('charges that are refused while somebody looks wait for it', async () => {
    const { consume } = await open(async () => undefined);
    expect(await Promise.all([consume(), consume()])).toMatchObject([
      { allowed: true },
      { allowed: true },
    ]);
  });

  test('the background looks again after a minute, or when the clock was set back', async () => {
    let looks = 0;
    const { manager, clock } = await open(async () => {
      looks += 1;
    });
    const afterwards = async () => {
      await manager.deliverMail();
      return looks;
    };
    const found = await afterwards();
    expect(found).toBeGreaterThan(0);
    clock.set(clock.now() + minute - 1);
    expect(await afterwards()).toBe(found);
    clock.set(clock.now() + 1);
    expect(await afterwards()).toBe(found + 1);
    clock.set(clock.now() - hour);
    expect(await afterwards()).toBe(found + 2);
  });

  test('a look that fails is made again by the next refusal', async () => {
    let isDown = true;
    const { consume } = await open(async () => {
      if (isDown) throw new Error('down');
    });
    await expect(consume()).rejects.toMatchObject({ code: 'unavailable' });
    isDown = false;
    expect(await consume()).toMatchObject({ allowed: true });
  });

  test('so is one of the background', async () => {
    let isDown = true;
    const { manager, consume } = await open(async () => {
      if (isDown) throw new Error('down');
    });
    await manager.deliverMail();
    isDown = false;
    expect(await consume()).toMatchObject({ allowed: true });
  });
});

test('a release whose answer is lost is repeated, and counts once', async () => {
  for (const isCarriedOut of [false, true]) {
    const storage = memoryStorage({ now: () => 0 });
    const { rateLimits } = storage;
    let isDown = false;
    const { manager, join, clock } = await createTeam(storage, {
      onStoreError: 'open',
      rateLimitStore: {
        ...rateLimits,
        async consume(request) {
          if (!isDown) return rateLimits.consume(request);
          if (isCarriedOut) await rateLimits.consume(request);
          throw new Error('connection reset');
        },
      },
    });
    await join(userId);
    const released = granted(await manager.reserve({ ...call, estimate: 5 }));
    await manager.reserve({ ...call, estimate: 3, ttlMs: minute });
    isDown = true;
    expect(await released.reservation.release()).toEqual({ units: 0 });
    expect(await released.reservation.release()).toEqual({ units: 0, replayed: true });
    clock.advance(2 * minute);
    await manager.deliverMail();
    clock.advance(2 * minute);
    await manager.deliverMail();
    isDown = false;
    expect(await manager.consume(call)).toMatchObject({ allowed: true });
    clock.advance(hour);
    await manager.deliverMail();
    expect(await storage.reservations.nextExpiryAt()).toBeUndefined();
    expect(await counters(manager)).toEqual(same([1, 1, [1, 0]]));
  }
});
