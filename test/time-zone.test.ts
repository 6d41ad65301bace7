/** What a change of an organization's time zone does to its days and months. */
import fc from 'fast-check';
import { type OrgUserManager, systemActor } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { createManager } from './fixtures/manager.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

const hour = 3_600_000;
const userId = 'u_1';
const call = { orgId, userId };
// The day that ends last on earth, and the one that begins first.
const west = 'Etc/GMT+12';
const east = 'Pacific/Kiritimati';

const at = (text: string) => Date.parse(text);
const midnight = (date: string, zone: string) =>
  Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;
const dateIn = (zone: string, instant: number) =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate().toString();
const dayAfter = (date: string) => Temporal.PlainDate.from(date).add({ days: 1 }).toString();
const monthAfter = (date: string) =>
  Temporal.PlainDate.from(date).with({ day: 1 }).add({ months: 1 }).toString();

/** Where the member stands: the date, and the day and month as the limits see them. */
async function standing(manager: OrgUserManager) {
  const { windows } = await manager.usage({ ...call, actor: systemActor });
  const { days } = await manager.usageHistory({ ...call, actor: systemActor });
  const [day, month] = windows;
  if (!day || !month) throw new Error('no windows');
  const ends = { dayEndsAt: day.resetsAt.getTime(), monthEndsAt: month.resetsAt.getTime() };
  return { date: days.at(-1)?.date ?? '', used: [day.used, month.used], ...ends, days };
}

describeEach(allStorages())('on $name a new time zone', ({ create }) => {
  async function createLimited(timeZone: string, now: string) {
    const { manager, clock } = await createManager(create());
    clock.set(at(now));
    const founder = { userId, email: 'u_1@acme.example.com' };
    await manager.createOrganization({ orgId, name: 'Acme', admin: founder, timeZone });
    await manager.setLimit({ ...call, actor: systemActor, daily: 5 });
    const moveTo = (zone: string) =>
      manager.setTimeZone({ orgId, actor: systemActor, timeZone: zone });
    return { manager, clock, moveTo };
  }

  test.each([
    // The day goes on until it ends in Amsterdam; in Kiritimati the next one is half over by then.
    {
      to: east,
      dayEnds: '2026-10-25T23:00:00Z',
      next: '2026-10-26',
      nextEnds: '2026-10-26T10:00:00Z',
    },
    // It is still the same day there: it goes on, and its allowance stays used up.
    {
      to: west,
      dayEnds: '2026-10-26T12:00:00Z',
      next: '2026-10-26',
      nextEnds: '2026-10-27T12:00:00Z',
    },
    {
      to: 'Asia/Kathmandu',
      dayEnds: '2026-10-25T23:00:00Z',
      next: '2026-10-26',
      nextEnds: '2026-10-26T18:15:00Z',
    },
  ])('of $to begins when the running day has ended', async ({ to, dayEnds, next, nextEnds }) => {
    const { manager, clock, moveTo } = await createLimited(
      'Europe/Amsterdam',
      '2026-10-25T11:00:00Z',
    );
    await manager.consume({ ...call, cost: 5 });
    const before = await standing(manager);
    const told = await moveTo(to);
    expect(told).toEqual({
      timeZone: to,
      dayEndsAt: new Date(dayEnds),
      monthEndsAt: new Date(Math.max(before.monthEndsAt, midnight('2026-11-01', to))),
    });
    for (const instant of [clock.now(), at(dayEnds) - 1]) {
      clock.set(instant);
      expect(await standing(manager)).toMatchObject({ date: '2026-10-25', used: [5, 5] });
      expect(await manager.consume(call)).toMatchObject({ allowed: false, timeZone: to });
    }
    clock.set(at(dayEnds));
    expect(await standing(manager)).toMatchObject({
      date: next,
      used: [0, 5],
      dayEndsAt: at(nextEnds),
    });
    expect(await manager.consume({ ...call, cost: 5 })).toMatchObject({ allowed: true });
    expect(await manager.consume(call)).toMatchObject({ allowed: false });
  });

  test('moved from +14 to -12 goes back to no day that is over', async () => {
    // The 1st in Kiritimati, the 31st almost everywhere, the 30th in the far west.
    const { manager, clock, moveTo } = await createLimited(east, '2026-10-31T10:30:00Z');
    await manager.consume({ ...call, cost: 5 });
    await moveTo(west);
    const end = at('2026-11-02T12:00:00Z');
    for (let now = clock.now(); now < end; now += hour) {
      clock.set(now);
      expect(await standing(manager)).toMatchObject({ date: '2026-11-01', used: [5, 5] });
      expect(await manager.consume(call)).toMatchObject({ allowed: false });
    }
    clock.set(end);
    expect(await standing(manager)).toMatchObject({ date: '2026-11-02', used: [0, 5] });
  });

  test('chosen by mistake and corrected before the day has ended changes nothing', async () => {
    const { manager, clock, moveTo } = await createLimited('Asia/Tokyo', '2026-11-30T03:00:00Z');
    const before = await standing(manager);
    for (const zone of [west, east, 'Asia/Tokyo']) await moveTo(zone);
    expect(await standing(manager)).toEqual(before);
    for (const hours of [11.99, 12, 36]) {
      clock.set(at('2026-11-30T03:00:00Z') + hours * hour);
      const { date, dayEndsAt } = await standing(manager);
      const expected = dateIn('Asia/Tokyo', clock.now());
      expect([date, dayEndsAt]).toEqual([expected, midnight(dayAfter(expected), 'Asia/Tokyo')]);
    }
  });

  test('leaves what happened before it on the days of the zone before', async () => {
    const { manager, clock, moveTo } = await createLimited('UTC', '2026-10-20T12:00:00Z');
    await moveTo(east);
    clock.set(at('2026-10-21T12:00:00Z'));
    // Evening of the 18th in UTC, and the 19th in Kiritimati.
    const recorded = await manager.record({
      ...call,
      units: 7,
      at: new Date('2026-10-18T20:00:00Z'),
    });
    expect(recorded.windows[0]).toMatchObject({
      used: 7,
      startsAt: new Date('2026-10-18T00:00:00Z'),
      resetsAt: new Date('2026-10-19T00:00:00Z'),
    });
    const { days } = await manager.usageHistory({
      ...call,
      actor: systemActor,
      from: '2026-10-17',
    });
    expect(days.map(({ date, used }) => [date.slice(8), used])).toEqual([
      ['17', 0],
      ['18', 7],
      ['19', 0],
      ['20', 0],
      ['21', 0],
      ['22', 0],
    ]);
    expect(await manager.consume({ ...call, cost: 5 })).toMatchObject({ allowed: true });
  });

  test('that follows another one ends the month where the first zone ends it', async () => {
    const { clock, moveTo } = await createLimited('UTC', '2026-10-29T01:00:00Z');
    // In the far west the month is longer, and it ends there as long as nothing else is said.
    expect((await moveTo(west)).monthEndsAt).toEqual(new Date('2026-11-01T12:00:00Z'));
    // The day that the first change came in is over, the month is not.
    clock.set(at('2026-10-30T13:00:00Z'));
    expect((await moveTo(east)).monthEndsAt).toEqual(new Date('2026-11-01T00:00:00Z'));
  });

  test('leaves reservations and their settlements where they were charged', async () => {
    const { manager, clock, moveTo } = await createLimited('UTC', '2026-10-31T20:00:00Z');
    const decision = await manager.reserve({ ...call, estimate: 4, ttlMs: 24 * hour });
    if (!('reservation' in decision)) throw new Error('refused');
    await moveTo(east);
    clock.set(at('2026-11-01T01:00:00Z'));
    await decision.reservation.commit(3);
    const { date, days, used } = await standing(manager);
    expect([date, ...used, ...days.slice(-2).map((day) => day.used)]).toEqual([
      '2026-11-01',
      0,
      0,
      3,
      0,
    ]);
  });
});

test('only an admin or the system sets it; it is told and audited', async () => {
  const { manager, join } = await createTeam(memoryStorage());
  await join(userId);
  const told: unknown[] = [];
  manager.on('organization.time_zone_set', (event) => void told.push(event));
  const timeZone = 'Asia/Tokyo';
  expect(await codeOf(manager.setTimeZone({ orgId, actor: { userId }, timeZone }))).toBe(
    'not_an_admin',
  );
  expect(await codeOf(manager.setTimeZone({ orgId: 'other', actor: admin, timeZone }))).toBe(
    'not_a_member',
  );
  expect(told).toEqual([]);
  await manager.setTimeZone({ orgId, actor: admin, timeZone });
  expect(told).toMatchObject([{ orgId, actor: admin.userId }]);
  expect(await manager.organization({ orgId, actor: admin })).toMatchObject({ timeZone });
});

const zones = [west, east, 'UTC', 'Europe/Amsterdam', 'Africa/Cairo', 'Australia/Lord_Howe'];
zones.push('Asia/Kathmandu', 'America/New_York', 'Pacific/Chatham', 'America/Havana');

const steps = fc.array(
  fc.record({
    hours: fc.oneof(
      { weight: 4, arbitrary: fc.double({ min: 0, max: 14, noNaN: true }) },
      { weight: 1, arbitrary: fc.integer({ min: 14, max: 40 * 24 }) },
    ),
    zone: fc.option(fc.constantFrom(...zones), { freq: 3 }),
    cost: fc.constantFrom(1, 2, 5),
  }),
  { minLength: 5, maxLength: 40 },
);

/** Watches an organization whose zone moves, and knows from Temporal what may not happen. */
async function createWitness(first: number, timeZone: string) {
  const { manager, clock } = await createManager(memoryStorage({ now: () => 0 }));
  clock.set(first);
  const founder = { userId, email: 'u_1@acme.example.com' };
  await manager.createOrganization({ orgId, name: 'Acme', admin: founder, timeZone });
  await manager.setLimit({ ...call, actor: systemActor, daily: 5, monthly: 60 });
  const allowed = new Map<string, number>();
  const used = (date: string) => allowed.get(date) ?? 0;
  const dayEnd = (date: string) => midnight(dayAfter(date), zone);
  const monthEnd = (date: string) => midnight(monthAfter(date), zone);
  let zone = timeZone;
  let seen = await standing(manager);
  // When the running day and month end in the zones in which they began.
  let own = { dayEndsAt: dayEnd(seen.date), monthEndsAt: monthEnd(seen.date) };
  let zonesOfDay = [zone];

  async function look() {
    const now = await standing(manager);
    if (now.date !== seen.date) {
      expect(now.date > seen.date).toBe(true);
      expect(clock.now()).toBeGreaterThanOrEqual(own.dayEndsAt);
      const isNew = now.date.slice(0, 7) !== seen.date.slice(0, 7);
      if (isNew) expect(clock.now()).toBeGreaterThanOrEqual(own.monthEndsAt);
      const monthEndsAt = isNew ? monthEnd(now.date) : own.monthEndsAt;
      own = { dayEndsAt: dayEnd(now.date), monthEndsAt };
      zonesOfDay = [zone];
    }
    seen = now;
    // Somewhere on earth it is this date now.
    expect(now.date >= dateIn(west, clock.now())).toBe(true);
    expect(now.date <= dateIn(east, clock.now())).toBe(true);
    expect(now.dayEndsAt).toBeGreaterThanOrEqual(own.dayEndsAt);
    expect(now.monthEndsAt).toBeGreaterThanOrEqual(own.monthEndsAt);
    // It is over when it is over in every zone that it has seen, or with its month.
    const ends = zonesOfDay.map((name) => midnight(dayAfter(now.date), name));
    expect(now.dayEndsAt).toBeLessThanOrEqual(Math.max(...ends, own.monthEndsAt));
  }

  async function addUp() {
    const from = `${seen.date.slice(0, 7)}-01`;
    const { days } = await manager.usageHistory({ ...call, actor: systemActor, from });
    for (const { date, used: units } of days) expect([date, units]).toEqual([date, used(date)]);
    const month = days.reduce((sum, day) => sum + day.used, 0);
    expect((await standing(manager)).used).toEqual([used(seen.date), month]);
  }

  return {
    async pass(ms: number) {
      clock.advance(ms);
      await look();
    },
    async consume(cost: number) {
      const { allowed: yes } = await manager.consume({ ...call, cost });
      if (yes) allowed.set(seen.date, used(seen.date) + cost);
      expect(used(seen.date)).toBeLessThanOrEqual(5);
      await addUp();
    },
    async moveTo(next: string) {
      const { date } = seen;
      zone = next;
      zonesOfDay.push(next);
      await manager.setTimeZone({ orgId, actor: systemActor, timeZone: next });
      await look();
      expect(seen.date).toBe(date);
      await addUp();
    },
    /** Once the change is over, the calendar is the zone's own. */
    async settle() {
      clock.advance(40 * 24 * hour);
      const { date, dayEndsAt, monthEndsAt } = await standing(manager);
      expect(date).toBe(dateIn(zone, clock.now()));
      expect([dayEndsAt, monthEndsAt]).toEqual([dayEnd(date), monthEnd(date)]);
      await manager.close();
    },
  };
}

test('however often it changes: a date has one allowance, no window ends early or comes back', async () => {
  const start = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 0, 1) });
  await fc.assert(
    fc.asyncProperty(start, fc.constantFrom(...zones), steps, async (first, timeZone, plan) => {
      const witness = await createWitness(first, timeZone);
      for (const { hours, zone, cost } of plan) {
        await witness.pass(Math.round(hours * hour));
        await witness.consume(cost);
        if (zone !== null) await witness.moveTo(zone);
      }
      await witness.settle();
    }),
    { numRuns: process.env.OUM_THOROUGH ? 3000 : 150 },
  );
}, 120_000);
