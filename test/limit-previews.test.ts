/** What is said of limits before they are set is what they do. */
import fc from 'fast-check';
import { systemActor, type UsageDecision } from 'org-user-manager';
import type { Identity } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';
import { adminIdentity, fetchDoor, person } from './http/doors.ts';

const userId = 'u_1';
const call = { orgId, userId };
const tomorrow = new Date('2026-11-24T00:00:00Z');
const nextMonth = new Date('2026-12-01T00:00:00Z');

const violatedBy = (decision: UsageDecision) => ('violated' in decision ? decision.violated : []);

describeEach(allStorages())('previews on $name', ({ create }) => {
  test('say whom new limits would block and until when, and write nothing', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    const asAdmin = { ...call, actor: admin };
    await manager.setLimit({ ...asAdmin, monthly: 100 });
    await manager.consume({ ...call, cost: 8 });
    const before = [await manager.member(asAdmin), await manager.usage(asAdmin)];
    expect(await manager.previewLimit({ ...asAdmin, daily: 9 })).toMatchObject({
      limit: { daily: 9, monthly: 100 },
      timeZone: 'UTC',
      windows: [
        { policy: 'user-day', limit: 9, used: 8, remaining: 1 },
        { policy: 'user-month', limit: 100, used: 8, remaining: 92 },
      ],
      blocking: [],
      blockedUntil: null,
      blockedMembers: 0,
    });
    const blocks = async (limit: object, blocking: string[], blockedUntil: Date | null) =>
      expect(await manager.previewLimit({ ...asAdmin, ...limit })).toMatchObject({
        blocking,
        blockedUntil,
        blockedMembers: 1,
      });
    await blocks({ daily: 8 }, ['user-day'], tomorrow);
    await blocks({ daily: 1, monthly: 5 }, ['user-day', 'user-month'], nextMonth);
    await blocks({ daily: 0 }, ['user-day'], null);
    await blocks({ daily: 0, monthly: 8 }, ['user-day', 'user-month'], null);
    expect([await manager.member(asAdmin), await manager.usage(asAdmin)]).toEqual(before);
  });

  test('count everybody whom a new allocation would block', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await join('u_2');
    await manager.disable({ orgId, actor: admin, userId: 'u_2' });
    const asAdmin = { orgId, actor: admin };
    expect(await manager.setAllocation({ ...asAdmin, daily: 10 })).toEqual({
      daily: 10,
      monthly: null,
    });
    await manager.consume({ ...call, cost: 6 });
    expect(await manager.previewAllocation({ ...asAdmin, daily: 6, monthly: 7 })).toMatchObject({
      limit: { daily: 6, monthly: 7 },
      windows: [
        { policy: 'org-day', limit: 6, used: 6, remaining: 0 },
        { policy: 'org-month', limit: 7, used: 6, remaining: 1 },
      ],
      blocking: ['org-day'],
      blockedUntil: tomorrow,
      blockedMembers: 2,
    });
    expect(await manager.previewAllocation(asAdmin)).toMatchObject({
      limit: { daily: 10 },
      blockedMembers: 0,
    });
    expect((await manager.organization(asAdmin)).allocation).toEqual({ daily: 10, monthly: null });
  });

  test('an allocation that was set binds the next request; null removes it, 0 blocks', async () => {
    const { manager } = await createTeam(create());
    const asAdmin = { orgId, actor: admin };
    const mine = { orgId, userId: admin.userId };
    const told: unknown[] = [];
    manager.on('organization.allocation_set', (event) => void told.push(event.actor));
    await manager.consume({ ...mine, cost: 3 });
    await manager.setAllocation({ ...asAdmin, monthly: 3 });
    expect(violatedBy(await manager.consume(mine))).toEqual(['org-month']);
    await manager.setAllocation({ orgId, actor: systemActor, monthly: 4 });
    expect(await manager.consume(mine)).toMatchObject({ allowed: true });
    await manager.setAllocation({ ...asAdmin, daily: 0, monthly: null });
    expect(await manager.consume(mine)).toMatchObject({ violated: ['org-day'], retryAt: null });
    await manager.setAllocation({ ...asAdmin, daily: null });
    expect(await manager.consume(mine)).toMatchObject({ allowed: true });
    expect(told).toEqual([admin.userId, null, admin.userId, admin.userId]);
  });
});

test('a preview foretells what the next unit meets, for any limits and usage', async () => {
  const units = fc.constantFrom(null, 0, 1, 4, 5, 6, Number.MAX_SAFE_INTEGER);
  const limits = fc.record({ daily: units, monthly: units });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 6 }), limits, limits, async (used, own, all) => {
      const { manager, join } = await createTeam(memoryStorage({ now: () => 0 }));
      await join(userId);
      if (used > 0) await manager.record({ ...call, units: used });
      const ofOne = await manager.previewLimit({ ...call, actor: admin, ...own });
      const ofAll = await manager.previewAllocation({ orgId, actor: admin, ...all });
      await manager.setLimit({ ...call, actor: admin, ...own });
      await manager.setAllocation({ orgId, actor: admin, ...all });
      const decision = await manager.consume(call);
      expect(violatedBy(decision)).toEqual([...ofOne.blocking, ...ofAll.blocking]);
      await manager.close();
    }),
    { numRuns: 100 },
  );
});

test('only admins look and set, as for every setting', async () => {
  const { manager, join } = await createTeam(memoryStorage());
  await join(userId);
  await join('u_2');
  await manager.disable({ orgId, actor: admin, userId: 'u_2' });
  for (const verb of ['setAllocation', 'previewAllocation'] as const) {
    expect(await codeOf(manager[verb]({ orgId, actor: { userId } }))).toBe('not_an_admin');
    expect(await codeOf(manager[verb]({ orgId: 'other', actor: admin }))).toBe('not_a_member');
  }
  const preview = (input: object) => manager.previewLimit({ ...call, actor: admin, ...input });
  expect(await codeOf(preview({ actor: { userId } }))).toBe('not_an_admin');
  expect(await codeOf(preview({ userId: 'u_9' }))).toBe('member_not_found');
  expect(await codeOf(preview({ userId: 'u_2' }))).toBe('member_disabled');
});

test('over HTTP admins preview, and set an allocation only if the host lets them', async () => {
  const { manager, join } = await createTeam(memoryStorage());
  await join(userId);
  const send = await fetchDoor.open(manager);
  await manager.consume({ ...call, cost: 2 });
  expect(
    await send('POST', `/org/api/members/${userId}/preview-limit`, { body: { daily: 2 } }),
  ).toMatchObject({
    status: 200,
    body: { blocking: ['user-day'], blockedUntil: tomorrow.toISOString(), blockedMembers: 1 },
  });
  const { maySetAllocation: _, ...other } = adminIdentity;
  for (const as of [other, adminIdentity]) {
    const preview = await send('POST', '/org/api/organization/preview-allocation', {
      as,
      body: { monthly: 1 },
    });
    expect(preview).toMatchObject({
      status: 200,
      body: { blocking: ['org-month'], blockedMembers: 2 },
    });
  }
  const set = (as: Identity) =>
    send('POST', '/org/api/organization/set-allocation', { as, body: { monthly: 1 } });
  expect(await set(other)).toMatchObject({ status: 403, body: { code: 'may_not_set_allocation' } });
  expect(await set({ ...person(userId), maySetAllocation: true })).toMatchObject({
    status: 403,
    body: { code: 'not_an_admin' },
  });
  expect(await set(adminIdentity)).toMatchObject({
    status: 200,
    body: { daily: null, monthly: 1 },
  });
  expect(await manager.consume(call)).toMatchObject({ violated: ['org-month'] });
});
