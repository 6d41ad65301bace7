import { type OrgUserManager, systemActor } from 'org-user-manager';
import { expect, test } from 'vitest';
import { describeEach } from './fixtures/servers.ts';
import { allStorages, storages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

const userId = 'u_1';
const key = 'order-17';

async function used(manager: OrgUserManager, user = userId) {
  const { windows } = await manager.usage({ orgId, actor: systemActor, userId: user });
  return windows.map((window) => window.used);
}

describeEach(allStorages())('an idempotency key on $name', ({ create }) => {
  test('charges once, and the repetition gets the first answer and says so', async () => {
    const { manager, join, clock } = await createTeam(create());
    await join(userId);
    const call = { orgId, userId, activity: 'search', cost: 3, idempotencyKey: key };
    const first = await manager.consume(call);
    expect(first).toMatchObject({ allowed: true, cost: 3 });
    expect(first).not.toHaveProperty('replayed');
    await manager.consume({ orgId, userId, cost: 4 });
    const again = await manager.consume(call);
    expect(again).toMatchObject({ allowed: true, cost: 3, replayed: true });
    expect('windows' in again && again.windows.map((window) => window.used)).toEqual([7, 7, 7, 7]);
    // The first answer, too, for a call that is not the same.
    const other = await manager.consume({ ...call, activity: 'export', cost: 9 });
    expect(other).toMatchObject({ cost: 3, replayed: true });
    clock.advance(23 * 3_600_000);
    expect(await manager.consume(call)).toMatchObject({ cost: 3, replayed: true });
    expect(await used(manager)).toEqual([0, 7]);
  });

  test('fifty calls at once are one charge', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId, daily: 6 });
    const call = { orgId, userId, cost: 4, idempotencyKey: key };
    const answers = await Promise.all(Array.from({ length: 50 }, () => manager.consume(call)));
    expect(answers.filter((answer) => answer.allowed)).toHaveLength(50);
    expect(answers.filter((answer) => !('replayed' in answer))).toHaveLength(1);
    expect(await used(manager)).toEqual([4, 4]);
  });

  test('a replay is allowed when the limit is used up, and a refusal is forgotten', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId, daily: 2 });
    const call = { orgId, userId, cost: 2 };
    await manager.consume({ ...call, idempotencyKey: 'a' });
    expect(await manager.consume({ ...call, idempotencyKey: 'b' })).toMatchObject({
      allowed: false,
      violated: ['user-day'],
    });
    expect(await manager.consume({ ...call, idempotencyKey: 'a' })).toMatchObject({
      allowed: true,
      replayed: true,
    });
    await manager.setLimit({ orgId, actor: admin, userId, daily: 4 });
    const passed = await manager.consume({ ...call, idempotencyKey: 'b' });
    expect(passed).toMatchObject({ allowed: true, cost: 2 });
    expect(passed).not.toHaveProperty('replayed');
    expect(await used(manager)).toEqual([4, 4]);
  });

  test('the keys of two members are two keys, whatever they are made of', async () => {
    const { manager, join } = await createTeam(create());
    const calls = [
      { userId: 'a', idempotencyKey: 'b/c' },
      { userId: 'c/a', idempotencyKey: 'b' },
      { userId: 'c', idempotencyKey: 'a/b' },
      { userId: 'a', idempotencyKey: 'B/c' },
      { userId: 'a', idempotencyKey: '~'.repeat(128) },
    ];
    for (const user of new Set(calls.map((call) => call.userId))) {
      await join(user, 'member', {
        userId: user,
        email: `${user.replace('/', '-')}@acme.example.com`,
        emailVerified: true,
        name: user,
      });
    }
    for (const call of calls) {
      expect(await manager.consume({ orgId, ...call })).not.toHaveProperty('replayed');
    }
    expect(await used(manager, 'a')).toEqual([3, 3]);
  });
});

test('a key that is none is refused before anything is read', async () => {
  for (const { create } of storages) {
    const { manager } = await createTeam(create());
    const wrong = ['', ' ', 'a b', 'é', 'a\n', 'x'.repeat(129), 1, null, {}, ['a']];
    for (const idempotencyKey of wrong) {
      const input = { orgId, userId: admin.userId, idempotencyKey };
      await expect(Reflect.apply(manager.consume, manager, [input])).rejects.toMatchObject({
        code: 'invalid_input',
        details: { issues: [{ path: 'idempotencyKey' }] },
      });
    }
    expect(await used(manager, admin.userId)).toEqual([0, 0]);
  }
});
