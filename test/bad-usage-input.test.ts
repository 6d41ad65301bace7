/** What is no cost, limit, activity or id: refused before any store is asked, or kept apart. */
import { systemActor } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { storages } from './fixtures/storages.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';
import { adminIdentity, fetchDoor, person } from './http/doors.ts';

const userId = admin.userId;

// As a program passes it, and as JSON can spell it, if it can.
const noCosts: readonly (readonly [unknown, string?])[] = [
  [Number.NaN],
  [Number.POSITIVE_INFINITY, '1e999'],
  [Number.NEGATIVE_INFINITY, '-1e999'],
  [-1, '-1'],
  [0.5, '0.5'],
  [2 ** 53, '9007199254740992'],
  [1e21, '1e21'],
  ['1', '"1"'],
  ['', '""'],
  [true, 'true'],
  [[1], '[1]'],
  [{ valueOf: () => 1 }, '{"valueOf":1}'],
  [1n],
  [new Date(1)],
];
const zeroAndNull: typeof noCosts = [
  [0, '0'],
  [null, 'null'],
];
const noActivities: typeof noCosts = [
  ...['', '__proto__', 'constructor', 'Search', ' search', 'x'.repeat(10_240)].map(
    (text) => [text, JSON.stringify(text)] as const,
  ),
  [7, '7'],
  [null, 'null'],
  [['search'], '["search"]'],
];

interface Door {
  /** What is called, or where it is sent. */
  readonly name: string;
  readonly path?: string;
  /** What is wrong, and in which field. */
  readonly field: string;
  readonly wrong: typeof noCosts;
  /** The rest of the call. */
  readonly rest?: object;
}

const charge = { orgId, userId };
const managing = { orgId, actor: admin };
const doors: readonly Door[] = [
  {
    name: 'consume',
    path: 'consume',
    field: 'cost',
    wrong: [...noCosts, ...zeroAndNull],
    rest: charge,
  },
  { name: 'consume', path: 'consume', field: 'activity', wrong: noActivities, rest: charge },
  { name: 'reserve', field: 'estimate', wrong: [...noCosts, ...zeroAndNull], rest: charge },
  { name: 'reserve', field: 'activity', wrong: noActivities, rest: { ...charge, estimate: 1 } },
  {
    name: 'record',
    field: 'units',
    wrong: [...noCosts, ...zeroAndNull].filter(([units]) => units !== -1),
    rest: charge,
  },
  { name: 'record', field: 'activity', wrong: noActivities, rest: { ...charge, units: 1 } },
  ...(['daily', 'monthly'] as const).flatMap((field) => [
    {
      name: 'setLimit',
      path: `members/${userId}/set-limit`,
      field,
      wrong: noCosts,
      rest: { ...managing, userId },
    } as const,
    {
      name: 'previewLimit',
      path: `members/${userId}/preview-limit`,
      field,
      wrong: noCosts,
      rest: { ...managing, userId },
    } as const,
    {
      name: 'setAllocation',
      path: 'organization/set-allocation',
      field,
      wrong: noCosts,
      rest: managing,
    } as const,
    {
      name: 'previewAllocation',
      path: 'organization/preview-allocation',
      field,
      wrong: noCosts,
      rest: managing,
    } as const,
  ]),
];

/** A team whose storage and counters say how often they are asked. */
async function createCounted() {
  const storage = memoryStorage();
  const asked = { count: 0 };
  const count = <T>(answer: T) => {
    asked.count += 1;
    return answer;
  };
  const { rateLimits } = storage;
  const team = await createTeam({
    ...storage,
    load: (query) => count(storage.load(query)),
    transaction: (id, work) => count(storage.transaction(id, work)),
    rateLimits: {
      consume: (request) => count(rateLimits.consume(request)),
      get: (partition, keys) => count(rateLimits.get(partition, keys)),
    },
  });
  await team.manager.deliverMail();
  asked.count = 0;
  return { ...team, asked };
}

test.each(doors)('$name refuses what is no $field, and asks nobody', async (door) => {
  const { name, field, wrong, rest } = door;
  const { manager, asked } = await createCounted();
  for (const [value] of wrong) {
    const call = () =>
      Reflect.apply(Reflect.get(manager, name), manager, [{ ...rest, [field]: value }]);
    const error = await Promise.resolve()
      .then(call)
      .catch((thrown: unknown) => thrown);
    expect([value, error]).toMatchObject([
      value,
      { code: 'invalid_input', details: { issues: [{ path: field }] } },
    ]);
  }
  expect(asked.count).toBe(0);
});

test.each(doors.filter(({ path }) => path))('$path over HTTP, too: $field', async (door) => {
  const { path, field, wrong } = door;
  const { manager, asked } = await createCounted();
  const send = await fetchDoor.open(manager);
  for (const [, json] of wrong) {
    if (json === undefined) continue;
    const answer = await send('POST', `/org/api/${path}`, { body: `{"${field}":${json}}` });
    expect([json, answer]).toMatchObject([json, { status: 400, body: { code: 'invalid_input' } }]);
    const { issues } = Object(answer.body);
    expect(issues.map((issue: { path: string }) => issue.path.split('.')[0])).toEqual([field]);
  }
  expect(asked.count).toBe(0);
});

// Whatever separates the parts of a counter's name, in SQL or Redis, and what objects inherit.
const oddIds = [
  'a',
  'a/b',
  'b',
  'a/',
  '/a',
  '/',
  '//',
  'u/2026-11-23//a',
  '2026-11//a',
  'o/2026-11-23/',
];
oddIds.push(
  'search/a',
  '/search/a',
  'a:b',
  'a{b}',
  '{',
  '}',
  '{a}',
  '%2F',
  '%',
  '_',
  'a_',
  'A',
  '\u00e1',
  'a\u0301',
);
oddIds.push(
  '__proto__',
  'constructor',
  'null',
  'undefined',
  '0',
  "a'b",
  'a"b',
  'a\\b',
  'a b',
  '💯',
  'x'.repeat(255),
);

const someone = (id: string, index: number) => ({
  ...account(id, `p${index}@acme.example.com`),
  name: 'Somebody',
});

describe.each(storages)('on $name ids that hold separators', ({ create }) => {
  test('name nobody else’s counters, as members and as organizations, also over HTTP', async () => {
    const { manager } = await createTeam(create());
    const send = await fetchDoor.open(manager);
    for (const [index, id] of oddIds.entries()) {
      const founder = { userId: id, email: `p${index}@acme.example.com` };
      await manager.createOrganization({ orgId: id, name: 'Odd', admin: founder });
      await manager.consume({ orgId: id, userId: id, cost: index + 1 });
    }
    for (const [index, id] of oddIds.entries()) {
      const as = { ...someone(id, index), orgId: id };
      const body = { cost: 100 };
      expect(await send('POST', '/org/api/consume', { as, body })).toMatchObject({ status: 200 });
    }
    for (const [index, id] of oddIds.entries()) {
      const ask = { orgId: id, actor: systemActor };
      const expected = [index + 101, index + 101];
      for (const who of [{}, { userId: id }]) {
        const { windows } = await manager.usage({ ...ask, ...who });
        expect([id, windows.map(({ used }) => used)]).toEqual([id, expected]);
      }
      const as = { ...someone(id, index), orgId: id };
      const seen = await send('GET', `/org/api/usage?userId=${encodeURIComponent(id)}`, { as });
      expect([id, seen]).toMatchObject([id, { body: { windows: [{ used: index + 101 }, {}] } }]);
    }
  });

  test('of one organization keep its members apart', async () => {
    const { manager, join } = await createTeam(create(), { pendingInvitationLimit: null });
    for (const [index, id] of oddIds.entries()) {
      await join(id, 'member', someone(id, index));
    }
    const costs = oddIds.map((_, index) => index + 1);
    await Promise.all(
      oddIds.map((id, index) => manager.consume({ orgId, userId: id, cost: index + 1 })),
    );
    const used = async (of: object) =>
      (await manager.usage({ orgId, actor: admin, ...of })).windows.map((window) => window.used);
    for (const [index, id] of oddIds.entries()) {
      expect([id, await used({ userId: id })]).toEqual([id, [index + 1, index + 1]]);
    }
    const sum = costs.reduce((total, cost) => total + cost, 0);
    expect(await used({})).toEqual([sum, sum]);
  });
});

test('ids that are none are nobody’s: nothing is charged', async () => {
  const { manager } = await createTeam(memoryStorage());
  const send = await fetchDoor.open(manager);
  for (const id of ['', 'x'.repeat(256), 7, null]) {
    const call = Reflect.apply(manager.consume, manager, [{ orgId, userId: id }]);
    expect(await codeOf(call)).toBe('invalid_input');
  }
  for (const id of ['', ' ', '%00']) {
    const answer = await send('POST', `/org/api/members/${id}/set-limit`, { body: { daily: 1 } });
    expect([400, 404]).toContain(answer.status);
  }
  expect(
    await send('POST', '/org/api/consume', { as: { ...person('x'), orgId: 'a/b' } }),
  ).toMatchObject({
    status: 403,
  });
  expect((await manager.usage({ orgId, actor: admin })).windows[0]?.used).toBe(0);
  expect(adminIdentity.orgId).toBe(orgId);
});
