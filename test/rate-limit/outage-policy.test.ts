/** What the manager answers while the store of its counters is away, call by call. */
import type {
  EventMap,
  MaybePromise,
  OrgUserManagerOptions,
  RateLimitStore,
} from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { codeOf } from '../fixtures/code-of.ts';
import { admin, createTeam, orgId } from '../fixtures/team.ts';

type Policy = OrgUserManagerOptions['onStoreError'];

/** Counters in memory that can be away. */
function fallibleStore() {
  const { rateLimits } = memoryStorage({ now: () => 0 });
  const state = { isAway: false, asked: 0, failures: 0 };
  const ask = <T>(call: () => MaybePromise<T>): MaybePromise<T> => {
    state.asked += 1;
    return state.isAway ? Promise.reject(new Error('connection refused')) : call();
  };
  const store: RateLimitStore = {
    consume(request) {
      if (state.failures === 0) return ask(() => rateLimits.consume(request));
      state.failures -= 1;
      return Promise.reject(new Error('connection reset'));
    },
    get: (partition, keys) => ask(() => rateLimits.get(partition, keys)),
  };
  return { store, state };
}

async function open(onStoreError: Policy, { store, state } = fallibleStore()) {
  const team = await createTeam(memoryStorage({ now: () => 0 }), {
    rateLimitStore: store,
    onStoreError,
  });
  const { manager, join } = team;
  await join('u_1');
  await join('u_2');
  const consume = (userId = 'u_1', cost = 1) => manager.consume({ orgId, userId, cost });
  const daily = (userId: string, units: number | null) =>
    manager.setLimit({ orgId, actor: admin, userId, daily: units });
  const used = async (userId: string) =>
    (await manager.usage({ orgId, actor: admin, userId })).windows[0]?.used;
  const failed: EventMap['usage.store_failed'][] = [];
  const recovered: EventMap['usage.store_recovered'][] = [];
  manager.on('usage.store_failed', (event) => void failed.push(event));
  manager.on('usage.store_recovered', (event) => void recovered.push(event));
  /** The store goes away, and five calls notice. */
  const lose = async (userId = 'u_1') => {
    state.isAway = true;
    for (let call = 0; call < 5; call += 1) await codeOf(consume(userId));
  };
  /** The store comes back, and the first call a second later notices. */
  const regain = async () => {
    state.isAway = false;
    team.clock.advance(1000);
    await used('u_1');
    // What has been missed is counted in the background.
    await expect.poll(() => recovered.length).toBe(1);
  };
  return { ...team, consume, daily, used, failed, recovered, lose, regain, state };
}

test('closed: 503 with a code of its own; the store is left alone, and asked once a second', async () => {
  const { manager, consume, failed, recovered, lose, clock, state } = await open('closed');
  await consume();
  await lose();
  expect(failed).toEqual([{ at: clock.now() }]);
  state.asked = 0;
  await expect(consume()).rejects.toMatchObject({
    code: 'usage_unavailable',
    status: 503,
    isRetryable: true,
  });
  await expect(manager.usage({ orgId, actor: admin })).rejects.toMatchObject({
    code: 'usage_unavailable',
  });
  expect(state.asked).toBe(0);
  clock.advance(999);
  await codeOf(consume());
  expect(state.asked).toBe(0);
  clock.advance(1);
  await Promise.all([codeOf(consume()), codeOf(consume()), codeOf(consume())]);
  expect(state.asked).toBe(1);
  state.isAway = false;
  clock.advance(1000);
  expect(await consume()).toMatchObject({ allowed: true });
  expect(await consume()).toMatchObject({ allowed: true, windows: [{ used: 3 }, {}, {}, {}] });
  expect(failed).toHaveLength(1);
  expect(recovered).toMatchObject([{ allowed: 0, unsure: 0, dropped: 0 }]);
});

test('single failures between answers leave the store in use', async () => {
  const { consume, failed, state } = await open('closed');
  for (let turn = 0; turn < 10; turn += 1) {
    state.isAway = turn % 5 !== 4;
    await codeOf(consume());
  }
  expect(failed).toEqual([]);
});

test('a clock that is set back does not keep the store out', async () => {
  const { consume, lose, clock, state } = await open('closed');
  await lose();
  state.isAway = false;
  clock.set(clock.now() - 3_600_000);
  expect(await consume()).toMatchObject({ allowed: true });
});

test.each<Policy>(['open', { boundedOpen: 100 }])(
  '%j: access is never open: strangers and the disabled stay out',
  async (policy) => {
    const { manager, consume, lose } = await open(policy);
    await manager.disable({ orgId, actor: admin, userId: 'u_2' });
    await lose();
    expect(await consume('u_2')).toEqual({ allowed: false, reason: 'member_disabled' });
    expect(await consume('u_9')).toEqual({ allowed: false, reason: 'not_a_member' });
    expect(await consume()).toMatchObject({ allowed: true, uncounted: true });
  },
);

test('open: allowed and marked so; counted once the store is back, and never twice', async () => {
  const { consume, used, recovered, lose, regain, errors } = await open('open');
  expect(await consume()).not.toHaveProperty('uncounted');
  await lose();
  for (let call = 0; call < 7; call += 1) {
    expect(await consume('u_1', 2)).toMatchObject({ allowed: true, cost: 2, uncounted: true });
  }
  await consume('u_2', 3);
  expect(await codeOf(used('u_1'))).toBe('usage_unavailable');
  await regain();
  // The five calls that failed may have counted: they are not counted again.
  expect([await used('u_1'), await used('u_2')]).toEqual([1 + 14, 3]);
  expect(recovered).toMatchObject([{ allowed: 13, unsure: 5, dropped: 0 }]);
  expect(errors).toHaveLength(5);
  expect(await consume()).toMatchObject({ windows: [{ used: 16 }, {}, {}, {}] });
});

test('open: what one more failure leaves uncounted is counted with the next answer', async () => {
  const { manager, consume, used, recovered, lose, state, clock } = await open('open');
  const second = { orgId: 'second', userId: 'u_second' };
  const { userId } = second;
  await manager.createOrganization({
    orgId: second.orgId,
    name: 'Second',
    admin: { userId, email: 'second@example.com' },
  });
  await lose();
  await consume();
  await manager.consume({ ...second, cost: 7 });
  Object.assign(state, { isAway: false, failures: 1 });
  clock.advance(1000);
  await used('u_1');
  await expect.poll(() => state.failures).toBe(0);
  expect(recovered).toEqual([]);
  await used('u_1');
  await expect.poll(() => recovered).toMatchObject([{ allowed: 7, unsure: 6, dropped: 0 }]);
  const { windows } = await manager.usage({ ...second, actor: { userId } });
  expect(windows[0]?.used).toBe(7);
});

test('open: what is known to be too much is refused all the same', async () => {
  const { consume, daily, lose } = await open('open');
  await daily('u_1', 8);
  await daily('u_2', 0);
  await lose();
  expect(await consume('u_2')).toMatchObject({ reason: 'limit_exceeded', violated: ['user-day'] });
  expect(await consume('u_1', 3)).toMatchObject({ allowed: true });
  expect(await consume('u_1')).toMatchObject({ reason: 'limit_exceeded', violated: ['user-day'] });
});

test('boundedOpen: a member gets so many units of each process, in all outages of a window', async () => {
  const shared = fallibleStore();
  const processes = [
    await open({ boundedOpen: 10 }, shared),
    await open({ boundedOpen: 10 }, shared),
  ];
  /** How many of 15 calls an outage lets through; it ends then. */
  const suffer = async ({ lose, regain, consume, recovered }: (typeof processes)[number]) => {
    recovered.length = 0;
    await lose();
    let allowed = 0;
    for (let call = 0; call < 15; call += 1) {
      const decision = await consume().catch(({ code }) => code);
      if (decision.allowed) allowed += 1;
      else expect(decision).toBe('usage_unavailable');
    }
    await regain();
    return allowed;
  };
  let allowed = 0;
  for (const one of processes) allowed += (await suffer(one)) + (await suffer(one));
  // Five of the ten went to the calls that noticed the outage.
  expect(allowed).toBe(2 * (10 - 5));
  const [first] = processes;
  expect(await first?.used('u_1')).toBe(allowed);
  await first?.lose();
  // Another member has an allowance of their own.
  expect(await first?.consume('u_2', 10)).toMatchObject({ uncounted: true });
});

test('what there is no room to remember is dropped when open, and said to be', async () => {
  const { manager, used, recovered, lose, regain } = await open('open');
  await lose();
  const charges = 10_100;
  for (let call = 0; call < charges; call += 1) {
    const idempotencyKey = `key-${call}`;
    const decision = await manager.consume({ orgId, userId: 'u_1', idempotencyKey });
    expect(decision).toMatchObject({ allowed: true, uncounted: true });
  }
  await regain();
  const dropped = recovered[0]?.dropped ?? 0;
  expect(dropped).toBeGreaterThanOrEqual(100);
  expect(await used('u_1')).toBe(charges - dropped);
});

/** More members than there is room for: each has a day, a month and a share, of 10,000 counters. */
async function openCrowd(policy: Policy) {
  const place = await open(policy);
  const crowd = Array.from({ length: 3500 }, (_, n) => `crowd-${n}`);
  await place.storage.transaction(orgId, async (tx) => {
    const [member] = (await tx.load({ orgId, userIds: ['u_2'] })).members;
    if (!member) throw new Error('no member');
    for (const userId of crowd) {
      await tx.insertMember({ ...member, userId, address: `${userId}@acme.example.com` });
    }
  });
  /** Charges one after the other until there is no room; how many. */
  const fill = async () => {
    for (const [index, userId] of crowd.entries()) {
      if (typeof (await place.consume(userId).catch(({ code }) => code)) === 'string') return index;
    }
    return crowd.length;
  };
  return { ...place, fill };
}

test('boundedOpen: what an outage leaves makes room in the next one, and nothing does before', async () => {
  const { fill, consume, lose, regain } = await openCrowd({ boundedOpen: 10 });
  await lose();
  const room = await fill();
  expect(room).toBeGreaterThan(3000);
  expect(room).toBeLessThan(3400);
  expect(await codeOf(consume('u_2'))).toBe('usage_unavailable');
  // Those that are in mind have the rest of their allowance.
  expect(await consume('crowd-0', 9)).toMatchObject({ uncounted: true });
  expect(await codeOf(consume('crowd-0'))).toBe('usage_unavailable');
  await regain();
  await lose();
  expect(await consume('u_2')).toMatchObject({ uncounted: true });
  expect(await consume('crowd-3499')).toMatchObject({ uncounted: true });
});

test('open: members for whom there is no room are let through, and said to be dropped', async () => {
  const { fill, lose, regain, recovered, used } = await openCrowd('open');
  await lose();
  expect(await fill()).toBe(3500);
  await regain();
  const room = Math.floor((10_000 - 6) / 3);
  expect(recovered).toMatchObject([{ allowed: 3505, unsure: 5, dropped: 3500 - room }]);
  expect([await used('crowd-0'), await used('crowd-3499')]).toEqual([1, 0]);
});

test('boundedOpen: a full memory forgets nothing of this outage, and nothing that is not counted', async () => {
  const { manager, fill, consume, used, lose, regain, state, clock, recovered } = await openCrowd({
    boundedOpen: 10,
  });
  // Reservations wait for nothing: their settlements are counted.
  const reserve = (userId: string, estimate: number) =>
    manager.reserve({ orgId, userId, estimate });
  await lose();
  expect(await reserve('crowd-3499', 4)).toMatchObject({ allowed: true });
  for (let n = 3400; n < 3460; n += 1) await consume(`crowd-${n}`);
  // The store is back for one call: the first hundred counters are lost, and the others go on waiting.
  Object.assign(state, { isAway: false, failures: 1 });
  clock.advance(1000);
  await used('u_1');
  await expect.poll(() => state.failures).toBe(0);
  await lose();
  expect(await reserve('crowd-3499', 6)).toMatchObject({ allowed: true });
  expect(await reserve('crowd-3498', 10)).toMatchObject({ allowed: true });
  await consume('crowd-3497');
  // Kept: four members and the organization of this outage, and 83 counters that wait since the last one.
  expect(await fill()).toBe(Math.floor((10_000 - 4 * 3 - 3 - 83) / 3));
  for (const userId of ['crowd-3499', 'crowd-3498']) {
    expect([userId, await codeOf(consume(userId))]).toEqual([userId, 'usage_unavailable']);
  }
  recovered.length = 0;
  await regain();
  expect([await used('crowd-3459'), await used('crowd-3497')]).toEqual([1, 1]);
});

test('an idempotency key is charged once, in an outage and after it', async () => {
  const { manager, used, lose, regain } = await open('open');
  const charge = () => manager.consume({ orgId, userId: 'u_1', cost: 4, idempotencyKey: 'a' });
  await lose();
  expect(await charge()).toMatchObject({ allowed: true, uncounted: true });
  expect(await charge()).toMatchObject({ allowed: true, replayed: true, cost: 4 });
  await regain();
  expect(await charge()).toMatchObject({ allowed: true, replayed: true, cost: 4 });
  expect(await used('u_1')).toBe(4);
});

test('closing the manager counts what waits', async () => {
  const { manager, consume, lose, store, state } = await (async () => {
    const shared = fallibleStore();
    return { ...(await open('open', shared)), store: shared.store };
  })();
  await lose();
  await consume('u_1', 5);
  state.isAway = false;
  await manager.close();
  expect(await store.get(orgId, ['u/2026-11-23//u_1'])).toEqual([5]);
});

test('open: a clean-up that asks a store nothing does not tell that it is back', async () => {
  const { manager, consume, used, recovered, lose, regain, clock } = await open('open');
  await lose();
  for (let call = 0; call < 20; call += 1) await consume();
  clock.advance(61_000);
  await manager.deliverMail();
  expect(recovered).toEqual([]);
  await regain();
  // Those of the five calls that met the failure may have counted, and are not counted again.
  expect(recovered).toMatchObject([{ allowed: 25, unsure: 5, dropped: 0 }]);
  expect(await used('u_1')).toBe(20);
});
