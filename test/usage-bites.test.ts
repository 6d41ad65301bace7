import { describe, expect, test } from 'vitest';
import { storages } from './fixtures/storages.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

const userId = 'u_1';
const call = { orgId, userId };
const day = 24 * 3_600_000;

// What is known to go wrong with usage limits elsewhere, where no other test here tells the story.
describe.each(storages)('what bites elsewhere does not on $name', ({ create }) => {
  test('a month still holds after a second, and on its last day', async () => {
    const { manager, join, clock } = await createTeam(create());
    await join(userId);
    clock.set(Date.parse('2026-12-01T00:00:00Z'));
    await manager.setLimit({ ...call, actor: admin, monthly: 5 });
    await manager.consume({ ...call, cost: 5 });
    for (const later of [1000, day, 25 * day, 31 * day - 1]) {
      clock.set(Date.parse('2026-12-01T00:00:00Z') + later);
      await manager.deliverMail();
      expect(await manager.consume(call)).toMatchObject({ violated: ['user-month'] });
    }
    clock.set(Date.parse('2027-01-01T00:00:00Z'));
    expect(await manager.consume({ ...call, cost: 5 })).toMatchObject({ allowed: true });
  });

  test('a request above the limit drains nothing, and says that waiting is no help', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ ...call, actor: admin, daily: 10 });
    for (const cost of [11, 500, Number.MAX_SAFE_INTEGER]) {
      expect(await manager.consume({ ...call, cost })).toMatchObject({ retryAt: null });
      expect(await manager.reserve({ ...call, estimate: cost })).toMatchObject({ retryAt: null });
    }
    expect(await manager.consume({ ...call, cost: 10 })).toMatchObject({ allowed: true });
  });

  test('no limit is no limit, and a limit of 0 is one', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    const limit = { ...call, actor: admin };
    expect(await manager.consume({ ...call, cost: 1_000_000 })).toMatchObject({ allowed: true });
    await manager.setLimit({ ...limit, daily: 0 });
    expect(await manager.consume(call)).toMatchObject({ allowed: false, violated: ['user-day'] });
    expect(await manager.reserve({ ...call, estimate: 1 })).toMatchObject({ allowed: false });
    await manager.setLimit({ ...limit, daily: null });
    expect(await manager.consume(call)).toMatchObject({ allowed: true });
  });

  test('units that come back go where they were taken, and make no debt', async () => {
    const { manager, join, clock } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ ...call, actor: admin, daily: 10 });
    const decision = await manager.reserve({ ...call, estimate: 10, ttlMs: day });
    clock.set(clock.now() + 20 * 3_600_000);
    if ('reservation' in decision) await decision.reservation.release();
    // Yesterday's units are no credit for today.
    expect(await manager.consume({ ...call, cost: 10 })).toMatchObject({ allowed: true });
    expect(await manager.consume(call)).toMatchObject({ allowed: false });
  });
});

test('a crowd of others never makes a counter forget', async () => {
  for (const { create } of storages) {
    const { manager, join } = await createTeam(create(), { bulkAddressLimit: 1000 });
    await join(userId);
    await manager.setLimit({ ...call, actor: admin, daily: 5 });
    await manager.consume({ ...call, cost: 5 });
    for (let index = 0; index < 20; index += 1) {
      const other = `other-${index}`;
      await join(other, 'member', { ...account(other), userId: other });
      const charges = Array.from({ length: 50 }, (_, number) =>
        manager.consume({ orgId, userId: other, idempotencyKey: `${number}` }),
      );
      await Promise.all(charges);
    }
    expect(await manager.consume(call)).toMatchObject({ violated: ['user-day'] });
  }
});
