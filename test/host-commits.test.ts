/** How often a manager looks whether the application has committed. */
import { setImmediate } from 'node:timers/promises';
import type { AuditKey } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { fakeClock } from 'org-user-manager/testing';
import { expect, test } from 'vitest';
import { admin, createTeam, orgId } from './fixtures/team.ts';

/** A storage whose transactions of the application are committed when the test says so. */
async function createWatched() {
  const storage = memoryStorage();
  const looks: number[] = [];
  const committed = { all: false };
  let answering: Promise<void> | undefined;
  const hostTransactions = {
    using: () => storage,
    async findCommitted(entries: readonly AuditKey[]) {
      looks.push(entries.length);
      await answering;
      return committed.all ? entries.map(({ id }) => id) : [];
    },
  };
  const clock = fakeClock();
  const delays: number[] = [];
  const { manager } = await createTeam(
    { ...storage, hostTransactions },
    {
      clock: {
        now: clock.now,
        schedule(task, delayMs) {
          delays.push(delayMs);
          return clock.schedule(task, delayMs);
        },
      },
    },
  );
  /** Holds back the answers of looks until the gate opens. */
  function holdAnswers() {
    const { promise, resolve } = Promise.withResolvers<void>();
    answering = promise;
    return resolve;
  }
  const heard: unknown[] = [];
  manager.on('member.limit_set', (event) => void heard.push(event));
  const change = async () => {
    await manager.using({}).setLimit({ orgId, actor: admin, userId: admin.userId, daily: 1 });
    await setImmediate();
  };
  /** Moves the clock in steps, each with time for what it set off. */
  async function pass(milliseconds: number, step: number) {
    for (let passed = 0; passed < milliseconds; passed += step) {
      clock.advance(step);
      await setImmediate();
    }
  }
  return { manager, looks, delays, committed, heard, change, pass, holdAnswers };
}

test('a manager looks at once, then after waits that grow, and gives up after five minutes', async () => {
  const { looks, heard, change, pass } = await createWatched();
  await change();
  expect(looks).toHaveLength(1);
  for (let turn = 0; turn < 50; turn += 1) await setImmediate();
  expect(looks).toHaveLength(1);
  await pass(9, 1);
  expect(looks).toHaveLength(1);
  await pass(1, 1);
  expect(looks).toHaveLength(2);
  await pass(990, 1);
  expect(looks.length).toBeGreaterThanOrEqual(8);
  expect(looks.length).toBeLessThanOrEqual(14);
  await pass(299_000, 500);
  expect(looks.length).toBeGreaterThanOrEqual(20);
  expect(looks.length).toBeLessThanOrEqual(30);
  // One more may have been planned before the five minutes were over.
  await pass(200_000, 1000);
  const last = looks.length;
  await pass(600_000, 1000);
  expect(looks).toHaveLength(last);
  expect(heard).toEqual([]);
});

test('a newer call brings the waits down again, and a look asks for all that is open', async () => {
  const { looks, change, pass } = await createWatched();
  await change();
  await pass(60_000, 500);
  const before = looks.length;
  await pass(1000, 100);
  expect(looks.length - before).toBeLessThanOrEqual(1);
  await change();
  const after = looks.length;
  await pass(1000, 1);
  expect(looks.length - after).toBeGreaterThanOrEqual(8);
  expect(looks.at(-1)).toBe(2);
});

test('a manager emits the events of a commit once, and looks no more', async () => {
  const { looks, delays, committed, heard, change, pass } = await createWatched();
  await change();
  await pass(100, 1);
  expect(heard).toEqual([]);
  committed.all = true;
  await pass(100, 1);
  expect(heard).toHaveLength(1);
  const seen = looks.length;
  await pass(10_000, 100);
  expect(looks).toHaveLength(seen);
  expect(heard).toHaveLength(1);
  // A timer takes any other wait for none at all.
  expect(delays.filter((delayMs) => !(delayMs >= 1 && delayMs < 2 ** 31))).toEqual([]);
});

test.each(['while it waits', 'while it looks'])(
  'a manager that is closed %s looks no more',
  async (when) => {
    const { manager, looks, change, pass, holdAnswers } = await createWatched();
    const answer = holdAnswers();
    if (when === 'while it waits') answer();
    await change();
    await manager.close();
    answer();
    await setImmediate();
    const seen = looks.length;
    await pass(10_000, 100);
    expect(looks).toHaveLength(seen);
  },
);
