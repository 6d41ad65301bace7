import { type OrgUserManager, systemActor, type UsageDecision } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { nextEvent } from './fixtures/next-event.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages, storages } from './fixtures/storages.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

const userId = 'u_1';
const nextDay = new Date('2026-11-24T00:00:00Z');
const nextMonth = new Date('2026-12-01T00:00:00Z');

/** Everything that is shown of a member's and the organization's counters. */
async function counters(manager: OrgUserManager, user = userId, org = orgId) {
  const member = await manager.usage({ orgId: org, actor: systemActor, userId: user });
  const organization = await manager.usage({ orgId: org, actor: systemActor });
  return { member, organization };
}

/** What each window of a decision holds. */
function usedIn(decision: UsageDecision) {
  if (!('windows' in decision)) throw new Error(decision.reason);
  return Object.fromEntries(decision.windows.map(({ policy, used }) => [policy, used]));
}

describeEach(allStorages())('usage on $name', ({ create }) => {
  test('is granted up to the very limit, and the next unit is refused', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId, daily: 3 });
    const call = { orgId, userId, activity: 'search' };
    expect(await manager.consume(call)).toMatchObject({ allowed: true, cost: 1, timeZone: 'UTC' });
    const last = await manager.consume({ ...call, cost: 2 });
    expect(last).toMatchObject({ allowed: true, cost: 2 });
    expect('windows' in last && last.windows[0]).toEqual({
      policy: 'user-day',
      scope: 'user',
      window: 'day',
      limit: 3,
      used: 3,
      remaining: 0,
      startsAt: new Date('2026-11-23T00:00:00Z'),
      resetsAt: nextDay,
    });
    const before = await counters(manager);
    const refused = await manager.consume(call);
    expect(refused).toMatchObject({
      allowed: false,
      reason: 'limit_exceeded',
      cost: 1,
      timeZone: 'UTC',
      violated: ['user-day'],
      retryAt: nextDay,
      contact: 'Contact your organization administrator.',
    });
    expect(usedIn(refused)).toEqual({
      'user-day': 3,
      'user-month': 3,
      'org-day': 3,
      'org-month': 3,
    });
    expect(await counters(manager)).toEqual(before);
  });

  test.each([
    { refuses: 'user-day', limit: { daily: 5, monthly: 9 }, allocation: {}, retryAt: nextDay },
    { refuses: 'user-month', limit: { daily: 9, monthly: 5 }, allocation: {}, retryAt: nextMonth },
    { refuses: 'org-day', limit: { daily: 9 }, allocation: { daily: 5 }, retryAt: nextDay },
    { refuses: 'org-month', limit: { daily: 9 }, allocation: { monthly: 5 }, retryAt: nextMonth },
  ])(
    'when $refuses refuses, no counter at all moves',
    async ({ refuses, limit, allocation, retryAt }) => {
      const { manager } = await createTeam(create());
      const founder = { userId: 'u_f', email: 'u_f@acme.example.com' };
      await manager.createOrganization({ orgId: 'org', name: 'Org', admin: founder, allocation });
      await manager.setLimit({ orgId: 'org', actor: systemActor, userId: 'u_f', ...limit });
      const call = { orgId: 'org', userId: 'u_f' };
      await manager.consume({ ...call, activity: 'search', cost: 4 });
      const before = await counters(manager, 'u_f', 'org');
      for (const activity of ['search', 'export']) {
        expect(await manager.consume({ ...call, activity, cost: 2 })).toMatchObject({
          allowed: false,
          violated: [refuses],
          retryAt,
        });
      }
      expect(await counters(manager, 'u_f', 'org')).toEqual(before);
      expect(await manager.consume(call)).toMatchObject({ allowed: true });
    },
  );

  test('the allocation binds all members together', async () => {
    const { manager } = await createTeam(create());
    const founder = { userId: 'u_f', email: 'u_f@acme.example.com' };
    const allocation = { monthly: 10 };
    await manager.createOrganization({ orgId: 'org', name: 'Org', admin: founder, allocation });
    const invited = await manager.invite({
      orgId: 'org',
      actor: founderActor,
      email: account(userId).email,
    });
    const link = 'invitation' in invited ? (invited.invitation.link ?? '') : '';
    await manager.accept({ token: link.replace(/.*=/, ''), account: account(userId) });
    await manager.consume({ orgId: 'org', userId: 'u_f', cost: 8 });
    expect(await manager.consume({ orgId: 'org', userId, cost: 3 })).toMatchObject({
      allowed: false,
      violated: ['org-month'],
    });
    const { member, organization } = await counters(manager, userId, 'org');
    expect(member.windows.map(({ used }) => used)).toEqual([0, 0]);
    expect(organization.windows.map(({ used, limit }) => [used, limit])).toEqual([
      [8, null],
      [8, 10],
    ]);
  });

  test('a changed limit holds from the next call on', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    const limit = { orgId, actor: admin, userId };
    const consume = (cost: number) => manager.consume({ orgId, userId, cost });
    await manager.setLimit({ ...limit, daily: 5 });
    expect(await consume(5)).toMatchObject({ allowed: true });
    expect(await consume(1)).toMatchObject({ allowed: false });
    await manager.setLimit({ ...limit, daily: 6 });
    expect(await consume(1)).toMatchObject({ allowed: true });
    await manager.setLimit({ ...limit, daily: 2 });
    const lowered = await consume(1);
    expect(lowered).toMatchObject({ allowed: false, violated: ['user-day'], retryAt: nextDay });
    expect('windows' in lowered && lowered.windows[0]).toMatchObject({ used: 6, remaining: 0 });
    await manager.setLimit({ ...limit, daily: null });
    expect(await consume(1000)).toMatchObject({ allowed: true });
    await manager.setLimit({ ...limit, monthly: 0 });
    expect(await consume(1)).toMatchObject({ violated: ['user-month'], retryAt: null });
  });

  test('waiting helps until the last refusing window ends, and not at all above a limit', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId, daily: 5, monthly: 6 });
    await manager.consume({ orgId, userId, cost: 5 });
    expect(await manager.consume({ orgId, userId, cost: 2 })).toMatchObject({
      violated: ['user-day', 'user-month'],
      retryAt: nextMonth,
    });
    expect(await manager.consume({ orgId, userId, cost: 6 })).toMatchObject({
      violated: ['user-day', 'user-month'],
      retryAt: null,
    });
    await manager.setLimit({ orgId, actor: admin, userId, monthly: null });
    expect(await manager.consume({ orgId, userId, cost: 5 })).toMatchObject({ retryAt: nextDay });
  });

  test('the activities add up to the windows', async () => {
    const { manager, join, clock } = await createTeam(create());
    await join(userId);
    await join('u_2');
    await manager.consume({ orgId, userId, activity: 'search', cost: 3 });
    clock.advance(24 * 3_600_000);
    await manager.consume({ orgId, userId, activity: 'search', cost: 4 });
    await manager.consume({ orgId, userId, activity: 'export', cost: 5 });
    await manager.consume({ orgId, userId: 'u_2', cost: 7 });
    const { member, organization } = await counters(manager);
    expect(member.activities).toEqual([
      { activity: 'search', today: 4, thisMonth: 7 },
      { activity: 'export', today: 5, thisMonth: 5 },
    ]);
    expect(organization.activities).toEqual([
      { activity: 'search', today: 11, thisMonth: 14 },
      { activity: 'export', today: 5, thisMonth: 5 },
    ]);
    for (const { windows, activities } of [member, organization]) {
      const sum = (field: 'today' | 'thisMonth') =>
        activities.reduce((total, activity) => total + activity[field], 0);
      expect(windows.map(({ used }) => used)).toEqual([sum('today'), sum('thisMonth')]);
    }
    expect(await manager.member({ orgId, actor: admin, userId })).toMatchObject({
      usage: { today: 9, thisMonth: 12 },
    });
  });

  test('what is not a charge is invalid_input and charges nothing', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    const before = await counters(manager);
    const valid = { orgId, userId, activity: 'search', cost: 1 };
    const costs = [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 0.5, '1', null, 2 ** 53, 1n, [1]];
    const inputs: readonly unknown[] = [
      ...costs.map((cost) => ({ ...valid, cost })),
      ...['', 'Search', 'toString', null, 1].map((activity) => ({ ...valid, activity })),
      ...['', null, 1, undefined, 'x'.repeat(256)].flatMap((id) => [
        { ...valid, orgId: id },
        { ...valid, userId: id },
      ]),
      { ...valid, costs: 5 },
      null,
      undefined,
    ];
    const consume: (input: never) => Promise<unknown> = (input) => manager.consume(input);
    for (const input of inputs) {
      await expect(Reflect.apply(consume, manager, [input]), String(input)).rejects.toMatchObject({
        code: 'invalid_input',
      });
    }
    expect(await counters(manager)).toEqual(before);
    expect(await manager.consume({ ...valid, cost: 2 ** 53 - 1 })).toMatchObject({ allowed: true });
  });

  test('no two user ids ever share a counter', async () => {
    const { manager, join } = await createTeam(create());
    const long = 'x'.repeat(199);
    const ids = ['a/b', 'a:b', 'a', 'b', 'é', 'e\u0301', '{x}', 'x', `${long}x`, `${long}y`, 'A'];
    ids.push('a%2Fb', 'a%2fb', '2026-11-23', '2026-11-23/search', '/search', 'search', 'o', ' a');
    ids.push('__proto__', 'a ', '日本', '🎈', '/', '%');
    for (const [index, id] of ids.entries()) {
      await join(id, 'member', { ...account(`n${index}`), userId: id });
      await manager.consume({ orgId, userId: id, activity: 'search', cost: index + 1 });
    }
    for (const [index, id] of ids.entries()) {
      const report = await manager.usage({ orgId, actor: systemActor, userId: id });
      const own = index + 1;
      expect([id, report.windows.map(({ used }) => used)]).toEqual([id, [own, own]]);
      expect(report.activities[0]).toEqual({ activity: 'search', today: own, thisMonth: own });
    }
  });

  test('a hundred charges at once against a limit of thirty: exactly thirty', async () => {
    const { manager, join } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId, daily: 30 });
    const decisions = await Promise.all(
      Array.from({ length: 100 }, () => manager.consume({ orgId, userId })),
    );
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(30);
    const { member, organization } = await counters(manager);
    for (const { windows } of [member, organization]) {
      expect(windows.map(({ used }) => used)).toEqual([30, 30]);
    }
  });

  test('a refusal is an event and names whom to ask', async () => {
    const asked: string[] = [];
    const { manager, join, clock } = await createTeam(create(), {
      contact: async (org) => {
        asked.push(org);
        return 'Ask the desk, extension 7.';
      },
    });
    await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId, daily: 1 });
    const event = nextEvent(manager, 'usage.refused');
    await manager.consume({ orgId, userId });
    expect(asked).toEqual([]);
    expect(await manager.consume({ orgId, userId, activity: 'export' })).toMatchObject({
      contact: 'Ask the desk, extension 7.',
    });
    expect(asked).toEqual([orgId]);
    expect(await event).toEqual({
      orgId,
      userId,
      at: clock.now(),
      activity: 'export',
      violated: ['user-day'],
    });
  });

  test('the contact may be a text', async () => {
    const { manager } = await createTeam(create(), { contact: 'Ask Robin.' });
    await manager.setLimit({ orgId, actor: admin, userId: admin.userId, daily: 0 });
    expect(await manager.consume({ orgId, userId: admin.userId })).toMatchObject({
      contact: 'Ask Robin.',
    });
  });

  test('days and months end at the midnights of the organization', async () => {
    const { manager, clock } = await createTeam(create());
    const founder = { userId: 'u_f', email: 'u_f@acme.example.com' };
    const org = { orgId: 'ams', userId: 'u_f' };
    await manager.createOrganization({
      orgId: 'ams',
      name: 'Ams',
      admin: founder,
      timeZone: 'Europe/Amsterdam',
    });
    await manager.setLimit({ ...org, actor: systemActor, daily: 2, monthly: 3 });
    clock.set(Date.parse('2026-10-30T22:59:59.999Z'));
    expect(usedIn(await manager.consume({ ...org, cost: 2 }))).toMatchObject({ 'user-day': 2 });
    expect(await manager.consume(org)).toMatchObject({ retryAt: new Date(clock.now() + 1) });
    clock.advance(1);
    expect(usedIn(await manager.consume(org))).toMatchObject({ 'user-day': 1, 'user-month': 3 });
    clock.set(Date.parse('2026-10-31T22:59:59.999Z'));
    expect(await manager.consume(org)).toMatchObject({
      violated: ['user-month'],
      retryAt: new Date(clock.now() + 1),
    });
    clock.advance(1);
    expect(usedIn(await manager.consume(org))).toMatchObject({ 'user-day': 1, 'user-month': 1 });
  });

  test('a clock set back finds the old counters again', async () => {
    const { manager, join, clock } = await createTeam(create());
    await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId, daily: 2 });
    const today = clock.now();
    await manager.consume({ orgId, userId, cost: 2 });
    clock.advance(24 * 3_600_000);
    await manager.consume({ orgId, userId, cost: 2 });
    clock.set(today);
    expect(await manager.consume({ orgId, userId })).toMatchObject({ violated: ['user-day'] });
    clock.set(today - 24 * 3_600_000);
    expect(await manager.consume({ orgId, userId, cost: 2 })).toMatchObject({ allowed: true });
    expect(await manager.consume({ orgId, userId })).toMatchObject({ violated: ['user-day'] });
    clock.set(today + 24 * 3_600_000);
    expect(await manager.consume({ orgId, userId })).toMatchObject({ violated: ['user-day'] });
  });

  test('counter names stay within what a store must hold, whatever the user is called', async () => {
    const storage = create();
    const keys: string[] = [];
    const { rateLimits } = storage;
    const activity = `a${'.'.repeat(63)}`;
    const { manager, join } = await createTeam(storage, {
      activities: [activity],
      onStoreError: 'closed',
      rateLimitStore: {
        get: (partition, names) => rateLimits.get(partition, names),
        consume(request) {
          keys.push(...request.windows.map(({ key }) => key));
          return rateLimits.consume(request);
        },
      },
    });
    for (const [index, character] of ['日', '/', '%', 'é'].entries()) {
      const id = character.repeat(255);
      await join(id, 'member', { ...account(`n${index}`), userId: id });
      expect(await manager.consume({ orgId, userId: id })).toMatchObject({ allowed: true });
    }
    expect(keys).toHaveLength(24);
    expect(Math.max(...keys.map(({ length }) => length))).toBeLessThanOrEqual(400);
  });
});

test.each(storages)('no counter passes what numbers can tell apart ($name)', async ({ create }) => {
  const { manager } = await createTeam(create());
  const charge = { orgId, userId: admin.userId };
  const cost = Number.MAX_SAFE_INTEGER;
  expect(await manager.consume({ ...charge, cost })).toMatchObject({ allowed: true });
  for (const more of [cost, 1]) {
    expect(await manager.consume({ ...charge, cost: more })).toMatchObject({ allowed: false });
  }
  const { windows } = await manager.usage({ orgId, actor: admin });
  expect(windows.map(({ used }) => used)).toEqual([cost, cost]);
});

const founderActor = { userId: 'u_f' };

test('a store that cannot answer is an error, never a permission', async () => {
  for (const { create } of storages) {
    const fail = () => Promise.reject(new Error('store down'));
    const { manager } = await createTeam(create(), {
      rateLimitStore: { consume: fail, get: fail },
      onStoreError: 'closed',
    });
    const call = { orgId, userId: admin.userId };
    await expect(manager.consume(call)).rejects.toMatchObject({
      code: 'usage_unavailable',
      cause: { message: 'store down' },
    });
    await expect(codeOf(manager.consume({ orgId, userId: 'u_x' }))).resolves.toBe('done');
  }
});

test('a contact that is not told in time is the usual one', async () => {
  const { manager, errors } = await createTeam(memoryStorage(), {
    clock: undefined,
    storageDeadlineMs: 100,
    contact: () => new Promise<string>(() => undefined),
  });
  await manager.setLimit({ orgId, actor: admin, userId: admin.userId, daily: 0 });
  expect(await manager.consume({ orgId, userId: admin.userId })).toMatchObject({
    reason: 'limit_exceeded',
    contact: 'Contact your organization administrator.',
  });
  expect(errors).toMatchObject([{ code: 'unavailable' }]);
});
