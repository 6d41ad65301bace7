/** The warnings about an organization's limits and counters. */
import {
  type MaybePromise,
  type OrgUserManagerOptions,
  systemActor,
  type UsageHealthInput,
} from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';
import { fetchDoor, person } from './http/doors.ts';

const call = { orgId, actor: admin };

describeEach(allStorages())('usage health on $name', ({ create }) => {
  test('warns that anyone may consume everything, then of each oddity, and is silent when all is well', async () => {
    const { manager, join } = await createTeam(create());
    await join('u_1');
    const { userId } = admin;
    const warnings = async () => {
      const { warnings } = await manager.usageHealth(call);
      return warnings.map(({ code, members }) =>
        members === undefined ? code : `${code} ${members}`,
      );
    };
    const limit = (who: string, limits: object) =>
      manager.setLimit({ ...call, userId: who, ...limits });
    expect(await warnings()).toEqual(['no_individual_limits 2', 'no_allocation']);
    await manager.setAllocation({ ...call, daily: 100, monthly: 1000 });
    expect(await manager.usageHealth(call)).toEqual({
      limits: { members: 2, withoutLimit: 2, blocked: 0, aboveAllocation: 0, dailyAboveMonthly: 0 },
      warnings: [
        {
          code: 'no_individual_limits',
          members: 2,
          message:
            'No individual limits are configured: any one of 2 active members may consume the organization’s whole allocation.',
        },
      ],
    });
    await limit(userId, { daily: 10 });
    expect(await warnings()).toEqual(['members_without_limit 1']);
    await limit('u_1', { monthly: 1000 });
    expect(await warnings()).toEqual([]);
    await limit('u_1', { monthly: 1001 });
    await limit(userId, { daily: 0 });
    expect(await warnings()).toEqual(['limit_above_allocation 1', 'members_blocked 1']);
    await limit('u_1', { daily: 6, monthly: 5 });
    expect(await warnings()).toEqual(['daily_above_monthly 1', 'members_blocked 1']);
    await manager.disable({ ...call, userId: 'u_1' });
    await limit(userId, { daily: 1 });
    await manager.setAllocation({ ...call, daily: 2, monthly: 1 });
    expect(await warnings()).toEqual(['allocation_daily_above_monthly']);
    await manager.setAllocation({ ...call, daily: 0, monthly: null });
    expect(await warnings()).toEqual(['limit_above_allocation 1', 'allocation_blocks']);
    await limit(userId, { daily: null });
    await manager.setAllocation({ ...call, daily: null });
    const [first] = (await manager.usageHealth(call)).warnings;
    expect(first?.message).toBe(
      'No individual limits are configured: any one of 1 active member may consume without any limit.',
    );
  });
});

test('is for admins and the system, over HTTP, too', async () => {
  const { manager, join } = await createTeam(memoryStorage());
  await join('u_1');
  expect(await codeOf(manager.usageHealth({ orgId, actor: { userId: 'u_1' } }))).toBe(
    'not_an_admin',
  );
  const { warnings } = await manager.usageHealth({ orgId, actor: systemActor });
  const send = await fetchDoor.open(manager);
  expect(await send('GET', '/org/api/usage/health')).toMatchObject({
    status: 200,
    body: { limits: { members: 2, withoutLimit: 2 }, warnings },
  });
  expect(await send('GET', '/org/api/usage/health', { as: person('u_1') })).toMatchObject({
    status: 403,
    body: { code: 'not_an_admin' },
  });
});

/** A team whose counters can go away. */
async function createFallible(onStoreError: OrgUserManagerOptions['onStoreError']) {
  const { rateLimits } = memoryStorage({ now: () => 0 });
  const state = { isAway: false };
  const ask = <T>(answer: () => MaybePromise<T>) =>
    state.isAway ? Promise.reject(new Error('connection refused')) : answer();
  const team = await createTeam(memoryStorage(), {
    onStoreError,
    rateLimitStore: {
      consume: (request) => ask(() => rateLimits.consume(request)),
      get: (partition, keys) => ask(() => rateLimits.get(partition, keys)),
    },
  });
  await team.manager.setAllocation({ ...call, daily: 100 });
  await team.manager.setLimit({ ...call, userId: admin.userId, daily: 10 });
  const codes = async (of: UsageHealthInput = call) =>
    (await team.manager.usageHealth(of)).warnings.map(({ code }) => code);
  return { ...team, state, codes };
}

test.each(['closed', 'open'] as const)('tells that the counters are away: %s', async (policy) => {
  const { manager, clock, state, codes } = await createFallible(policy);
  const other = { orgId: 'other', actor: systemActor };
  const founder = { userId: 'u_9', email: 'u_9@other.example.com' };
  await manager.createOrganization({ orgId: 'other', name: 'Other', admin: founder });
  expect(await codes()).toEqual([]);
  state.isAway = true;
  expect(await codes()).toEqual(['counters_unavailable']);
  const charge = { orgId, userId: admin.userId };
  for (let attempt = 0; attempt < 7; attempt += 1) await codeOf(manager.consume(charge));
  const isOpen = policy === 'open';
  expect(await codes()).toEqual(['counters_unavailable', ...(isOpen ? ['usage_uncounted'] : [])]);
  // What one organization has used is no other one's business.
  expect(await codes(other)).toEqual([
    'counters_unavailable',
    'no_individual_limits',
    'no_allocation',
  ]);
  state.isAway = false;
  clock.advance(1000);
  await manager.usage(call);
  await expect.poll(() => codes()).toEqual([]);
});
