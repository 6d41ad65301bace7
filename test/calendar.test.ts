import fc from 'fast-check';
import { systemActor } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createManager } from './fixtures/manager.ts';

const hour = 3_600_000;

// A whole day of a zone: its length in hours, and the local time at which it begins.
const oddDays = [
  { zone: 'Europe/Amsterdam', date: '2026-03-29', hours: 23, from: '00:00' },
  { zone: 'Europe/Amsterdam', date: '2026-10-25', hours: 25, from: '00:00' },
  { zone: 'Africa/Cairo', date: '2026-04-24', hours: 23, from: '01:00' },
  { zone: 'America/Santiago', date: '2026-09-06', hours: 23, from: '01:00' },
  { zone: 'Asia/Beirut', date: '2026-03-29', hours: 23, from: '01:00' },
  { zone: 'America/Havana', date: '2026-03-08', hours: 23, from: '01:00' },
  { zone: 'America/Havana', date: '2026-11-01', hours: 25, from: '00:00' },
  { zone: 'Australia/Lord_Howe', date: '2026-04-05', hours: 24.5, from: '00:00' },
  { zone: 'Australia/Lord_Howe', date: '2026-10-04', hours: 23.5, from: '00:00' },
  { zone: 'Pacific/Apia', date: '2011-12-29', hours: 24, from: '00:00' },
  { zone: 'Pacific/Apia', date: '2011-12-31', hours: 24, from: '00:00' },
  { zone: 'Asia/Kathmandu', date: '2026-11-23', hours: 24, from: '00:00' },
  { zone: 'Pacific/Chatham', date: '2026-04-05', hours: 25, from: '00:00' },
  { zone: 'Pacific/Chatham', date: '2026-09-27', hours: 23, from: '00:00' },
  { zone: 'Antarctica/Troll', date: '2026-03-29', hours: 22, from: '00:00' },
  { zone: 'America/Sao_Paulo', date: '2018-11-04', hours: 23, from: '01:00' },
  { zone: 'Pacific/Kiritimati', date: '2026-12-31', hours: 24, from: '00:00' },
  { zone: 'Etc/GMT+12', date: '2027-01-01', hours: 24, from: '00:00' },
  { zone: 'America/New_York', date: '2026-11-01', hours: 25, from: '00:00' },
  { zone: 'UTC', date: '2028-02-29', hours: 24, from: '00:00' },
];

const oddZones = [...new Set(oddDays.map(({ zone }) => zone))];
const zones = [...new Set([...oddZones, ...Intl.supportedValuesOf('timeZone')])];

/** A way to ask for the windows of an organization in each zone, at any instant. */
async function createCalendars() {
  const { manager, clock } = await createManager(memoryStorage());
  for (const timeZone of zones) {
    const admin = { userId: 'u_1', email: 'u_1@acme.example.com' };
    await manager.createOrganization({ orgId: timeZone, name: 'Acme', admin, timeZone });
  }
  return async (orgId: string, instant: number) => {
    clock.set(instant);
    const { windows } = await manager.usage({ orgId, actor: systemActor });
    return windows.map(({ startsAt, resetsAt }) => [startsAt.getTime(), resetsAt.getTime()]);
  };
}

/** The instants of 2024 to 2028 at which the clocks of a zone change. */
function* changesOf(zone: string) {
  const start = Temporal.Instant.from('2024-01-01T00:00:00Z').toZonedDateTimeISO(zone);
  let change = start.getTimeZoneTransition('next');
  while (change && change.year <= 2028) {
    yield change.epochMilliseconds;
    change = change.getTimeZoneTransition('next');
  }
}

/** The same by Temporal. */
function expectedWindows(timeZone: string, instant: number) {
  const today = Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
  const firstInstant = (date: Temporal.PlainDate) =>
    date.toZonedDateTime(timeZone).epochMilliseconds;
  const first = today.with({ day: 1 });
  return [
    [firstInstant(today), firstInstant(today.add({ days: 1 }))],
    [firstInstant(first), firstInstant(first.add({ months: 1 }))],
  ];
}

describe('days and months are those of the organization’s zone', () => {
  test.each(oddDays)('$zone on $date: $hours hours from $from', async (day) => {
    const { zone, date, hours } = day;
    const windowsAt = await createCalendars();
    const start = Temporal.PlainDate.from(date).toZonedDateTime(zone).startOfDay();
    expect(start.toPlainTime().toString()).toBe(`${day.from}:00`);
    const from = start.epochMilliseconds;
    const until = from + hours * hour;
    const instants = [from - 1, from, from + 1, from + hours * hour * 0.5, until - 1, until];
    for (const instant of [...instants, ...instants.reverse()]) {
      expect(await windowsAt(zone, instant)).toEqual(expectedWindows(zone, instant));
    }
    expect((await windowsAt(zone, from))[0]).toEqual([from, until]);
  });

  test('a date that a zone left out has no window', async () => {
    const windowsAt = await createCalendars();
    const last = Date.parse('2011-12-30T10:00:00Z');
    expect((await windowsAt('Pacific/Apia', last - 1))[0]).toEqual([last - 24 * hour, last]);
    expect((await windowsAt('Pacific/Apia', last))[0]).toEqual([last, last + 24 * hour]);
  });

  test('February of a leap year has 29 days', async () => {
    const windowsAt = await createCalendars();
    const [, month] = await windowsAt('UTC', Date.parse('2028-02-29T23:59:59.999Z'));
    expect(month).toEqual([Date.UTC(2028, 1, 1), Date.UTC(2028, 2, 1)]);
  });

  test('any instant between 2012 and 2040 in any zone, in any order', async () => {
    const windowsAt = await createCalendars();
    const zone = fc.oneof(fc.constantFrom(...oddZones), fc.constantFrom(...zones));
    // Until 2010 clocks in Newfoundland went back over midnight: there a date came twice, and Temporal
    // gives it the first of its two beginnings, we either. Nobody charges usage to those days.
    const instant = fc.integer({ min: Date.UTC(2012, 0, 1), max: Date.UTC(2041, 0, 1) - 1 });
    await fc.assert(
      fc.asyncProperty(zone, instant, async (zone, at) => {
        expect(await windowsAt(zone, at)).toEqual(expectedWindows(zone, at));
      }),
      { numRuns: 600 },
    );
  });

  test('either side of every change of the clocks from 2024 to 2028, in the odd zones', async () => {
    const windowsAt = await createCalendars();
    for (const zone of oddZones) {
      for (const change of changesOf(zone)) {
        for (const instant of [change - 1, change]) {
          const expected = expectedWindows(zone, instant);
          expect([zone, await windowsAt(zone, instant)]).toEqual([zone, expected]);
        }
      }
    }
  });
});

describe('a clock or a zone that moves grants nothing twice', () => {
  const call = { orgId: 'acme', userId: 'u_1' };

  async function createLimited(timeZone: string) {
    let zone = timeZone;
    const storage = memoryStorage({ now: () => 0 });
    const { manager, clock } = await createManager({
      ...storage,
      async load(query) {
        const standing = await storage.load(query);
        const { organization } = standing;
        return { ...standing, organization: organization && { ...organization, timeZone: zone } };
      },
    });
    const admin = { userId: call.userId, email: 'u_1@acme.example.com' };
    await manager.createOrganization({ orgId: call.orgId, name: 'Acme', admin, timeZone });
    await manager.setLimit({ ...call, actor: systemActor, daily: 5 });
    const moveTo = (next: string) => {
      zone = next;
    };
    return { manager, clock, moveTo };
  }

  test('a clock set back or forward, by an hour or by years', async () => {
    const { manager, clock } = await createLimited('Europe/Amsterdam');
    const noon = Date.parse('2026-10-25T11:00:00Z');
    clock.set(noon);
    expect(await manager.consume({ ...call, cost: 5 })).toMatchObject({ allowed: true });
    const days = [-9000, -366, -31, -1, 1, 31, 366, 9000];
    for (const day of days) {
      clock.set(noon + day * 24 * hour);
      expect(await manager.consume({ ...call, cost: 5 })).toMatchObject({ allowed: true });
    }
    for (const day of [0, ...days, 0]) {
      for (const offset of [0, -8 * hour, 8 * hour]) {
        clock.set(noon + day * 24 * hour + offset);
        expect(await manager.consume(call)).toMatchObject({ allowed: false });
      }
    }
  });

  test('a zone that changes goes on with the counters of the date', async () => {
    const { manager, clock, moveTo } = await createLimited('Europe/Amsterdam');
    clock.set(Date.parse('2026-10-25T11:00:00Z'));
    await manager.consume({ ...call, cost: 5 });
    // Wherever it is still, or already, the 25th.
    for (const zone of ['America/New_York', 'Asia/Tokyo', 'Asia/Kathmandu', 'UTC']) {
      moveTo(zone);
      expect(await manager.consume(call)).toMatchObject({ allowed: false, timeZone: zone });
    }
    moveTo('Pacific/Kiritimati');
    expect(await manager.consume({ ...call, cost: 5 })).toMatchObject({ allowed: true });
    moveTo('Europe/Amsterdam');
    expect(await manager.consume(call)).toMatchObject({ allowed: false });
    clock.set(Date.parse('2026-10-25T23:30:00Z'));
    // The 26th has begun, and its allowance is used up.
    expect(await manager.consume(call)).toMatchObject({ allowed: false });
  });
});

test.each([
  { when: 'also when usage of another day comes in between', before: undefined },
  { when: 'also after the zone was changed', before: 'Asia/Tokyo' },
])('a day is looked for once, $when', async ({ before }) => {
  const { manager, clock } = await createManager(memoryStorage({ now: () => 0 }));
  const call = { orgId: 'acme', userId: 'u_1' };
  const admin = { userId: call.userId, email: 'u_1@acme.example.com' };
  const timeZone = 'Europe/Amsterdam';
  const from = before ?? timeZone;
  await manager.createOrganization({ orgId: 'acme', name: 'Acme', admin, timeZone: from });
  if (before) await manager.setTimeZone({ orgId: 'acme', actor: systemActor, timeZone });
  const yesterday = new Date(clock.now() - 24 * hour);
  const use = async () => {
    await manager.consume(call);
    await manager.consume(call);
    await manager.record({ ...call, units: 1, at: yesterday });
  };
  await use();
  const looks = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts');
  onTestFinished(() => looks.mockRestore());
  for (let turn = 0; turn < 20; turn += 1) await use();
  expect(looks).not.toHaveBeenCalled();
  clock.advance(24 * hour);
  await use();
  expect(looks).toHaveBeenCalled();
});
