import type { EventMap, OrgUserManager, Storage } from 'org-user-manager';
import { expect, test } from 'vitest';
import { createManager } from './fixtures/manager.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages, storages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

const userId = 'u_1';
const call = { orgId, userId };
type Threshold = EventMap['usage.threshold_reached'];

/** What the manager tells of from here on, as `policy percent used/limit`. */
function listen(manager: OrgUserManager) {
  const events: Threshold[] = [];
  manager.on('usage.threshold_reached', (event) => void events.push(event));
  const told = () =>
    events
      .splice(0)
      .map(({ policy, percent, used, limit }) => `${policy} ${percent} ${used}/${limit}`);
  return { events, told };
}

describeEach(allStorages())('thresholds on $name', ({ create }) => {
  test('are told at 80 and at 100 percent, by the charge that reaches them', async () => {
    const { manager, join, clock } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ ...call, actor: admin, daily: 10, monthly: 15 });
    const { events, told } = listen(manager);
    await manager.consume({ ...call, cost: 7 });
    expect(told()).toEqual([]);
    await manager.consume({ ...call, activity: 'export' });
    expect(events).toEqual([
      {
        ...call,
        at: clock.now(),
        actor: 'u_1',
        policy: 'user-day',
        percent: 80,
        limit: 10,
        used: 8,
        resetsAt: Date.parse('2026-11-24T00:00:00Z'),
      },
    ]);
    told();
    await manager.consume(call);
    await manager.consume({ ...call, cost: 2 });
    expect(told()).toEqual([]);
    await manager.consume(call);
    expect(told()).toEqual(['user-day 100 10/10']);
    await manager.record({ ...call, units: 9 });
    expect(told().sort()).toEqual(['user-month 100 19/15', 'user-month 80 19/15']);
  });

  test('are told once by many processes at once', async () => {
    const storage = create();
    const { manager, join, clock } = await createTeam(storage);
    const other = await createManager({ ...storage, close: async () => undefined }, { clock });
    await join(userId);
    await manager.setLimit({ ...call, actor: admin, daily: 20 });
    const managers = [manager, other.manager];
    const heard = managers.map(listen);
    const charges = Array.from({ length: 40 }, (_, index) =>
      managers[index % 2]?.consume({ ...call, idempotencyKey: `k${index % 30}` }),
    );
    await Promise.all(charges);
    const told = heard.flatMap((listener) => listener.told()).sort();
    expect(told).toEqual(['user-day 100 20/20', 'user-day 80 16/20']);
  });

  test('are told once in a window, though units come back; a changed limit has its own', async () => {
    const { manager, join, clock } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ ...call, actor: admin, daily: 10 });
    const { told } = listen(manager);
    for (const actual of [0, 0, 3]) {
      const decision = await manager.reserve({ ...call, estimate: 8 - actual });
      if (!('reservation' in decision)) throw new Error('refused');
      await decision.reservation.commit(actual);
    }
    await manager.record({ ...call, units: 5 });
    await manager.record({ ...call, units: -2 });
    await manager.consume({ ...call, cost: 4 });
    expect(told()).toEqual(['user-day 80 8/10', 'user-day 100 10/10']);
    await manager.setLimit({ ...call, actor: admin, daily: 12 });
    await manager.consume(call);
    await manager.consume(call);
    expect(told()).toEqual(['user-day 100 12/12']);
    clock.set(clock.now() + 24 * 3_600_000);
    await manager.consume({ ...call, cost: 12 });
    expect(told().sort()).toEqual(['user-day 100 12/12', 'user-day 80 12/12']);
  });
});

test('a replay and a refusal reach nothing, and what cost more than estimated does', async () => {
  for (const { create } of storages) {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ ...call, actor: admin, daily: 10 });
    await manager.consume({ ...call, cost: 7, idempotencyKey: 'a' });
    const { told } = listen(manager);
    await manager.consume({ ...call, cost: 7, idempotencyKey: 'a' });
    await manager.consume({ ...call, cost: 4 });
    const decision = await manager.reserve({ ...call, estimate: 1 });
    if (!('reservation' in decision)) throw new Error('refused');
    expect(told()).toEqual(['user-day 80 8/10']);
    await decision.reservation.commit(5);
    await decision.reservation.commit(5);
    expect(told()).toEqual(['user-day 100 12/10']);
  }
});

test('the shares are exact whole units, and an option', async () => {
  for (const { create } of storages) {
    const { manager, join } = await createTeam(create(), { usageThresholdPercents: [29, 33] });
    await join(userId);
    const limit = { ...call, actor: admin };
    const { told } = listen(manager);
    await manager.setLimit({ ...limit, daily: 100 });
    await manager.consume({ ...call, cost: 28 });
    await manager.consume(call);
    expect(told()).toEqual(['user-day 29 29/100']);
    await manager.setLimit({ ...limit, daily: null, monthly: Number.MAX_SAFE_INTEGER });
    await manager.consume({ ...call, cost: Number.MAX_SAFE_INTEGER - 29 });
    expect(told().sort()).toEqual([
      `user-month 29 ${Number.MAX_SAFE_INTEGER}/${Number.MAX_SAFE_INTEGER}`,
      `user-month 33 ${Number.MAX_SAFE_INTEGER}/${Number.MAX_SAFE_INTEGER}`,
    ]);
    const silent = await createTeam(create(), { usageThresholdPercents: [] });
    const { told: nothing } = listen(silent.manager);
    await silent.manager.setLimit({ orgId, actor: admin, userId: admin.userId, daily: 1 });
    await silent.manager.consume({ orgId, userId: admin.userId });
    expect(nothing()).toEqual([]);
  }
});

test('a counter that cannot note it is told to onError, and the charge stands', async () => {
  for (const { create } of storages) {
    const storage = create();
    const { rateLimits } = storage;
    const { manager, join, errors } = await createTeam(storage, {
      onStoreError: 'closed',
      rateLimitStore: {
        get: (partition, keys) => rateLimits.get(partition, keys),
        consume: (request) =>
          request.windows.length === 1
            ? Promise.reject(new Error('store down'))
            : rateLimits.consume(request),
      },
    });
    await join(userId);
    await manager.setLimit({ ...call, actor: admin, daily: 1 });
    const { told } = listen(manager);
    expect(await manager.consume(call)).toMatchObject({ allowed: true });
    expect(errors).toMatchObject([{ code: 'usage_unavailable' }, { code: 'usage_unavailable' }]);
    expect(told()).toEqual([]);
  }
});

test('one that could not be told is told later, once', async () => {
  for (const { create } of storages) {
    const storage = create();
    let isDown = false;
    const transaction: Storage['transaction'] = (org, work) =>
      isDown ? Promise.reject(new Error('connection lost')) : storage.transaction(org, work);
    const { manager, join, errors } = await createTeam({ ...storage, transaction });
    await join(userId);
    await manager.setLimit({ ...call, actor: admin, daily: 10 });
    const { told } = listen(manager);
    isDown = true;
    expect(await manager.consume({ ...call, cost: 8 })).toMatchObject({ allowed: true });
    await manager.deliverMail();
    expect(errors).toMatchObject([{ code: 'unavailable' }, { code: 'unavailable' }]);
    isDown = false;
    await manager.consume(call);
    expect(told()).toEqual([]);
    await manager.deliverMail();
    await manager.deliverMail();
    expect(told()).toEqual(['user-day 80 8/10']);
  }
});
