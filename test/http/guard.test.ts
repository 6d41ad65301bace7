import { type OrgUserManager, OrgUserManagerError } from 'org-user-manager';
import { expressHandler, expressUsageGuard } from 'org-user-manager/express';
import { fastifyUsageGuard } from 'org-user-manager/fastify';
import { createHandler, createUsageGuard, type Identity } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, test } from 'vitest';
import { admin, createTeam, orgId } from '../fixtures/team.ts';
import { adminIdentity } from './doors.ts';

const at = (text: string) => Date.parse(text);

/** A manager in Amsterdam's time zone whose clock stands at `now`, and a way to use it up. */
async function open(
  now: string,
  options: Partial<ConstructorParameters<typeof OrgUserManager>[0]> = {},
) {
  const team = await createTeam(memoryStorage({ now: () => at(now) }), options);
  const { manager, clock } = team;
  clock.set(at(now));
  const founder = { ...adminIdentity, orgId: 'amsterdam' };
  async function found(allocation = {}) {
    await manager.createOrganization({
      orgId: founder.orgId,
      name: 'Amsterdam',
      timeZone: 'Europe/Amsterdam',
      admin: { userId: founder.userId, email: founder.email },
      allocation,
    });
  }
  const { userId } = founder;
  const call = { orgId: founder.orgId, userId };
  return {
    ...team,
    found,
    limit: (limit: object) => manager.setLimit({ ...call, actor: { userId }, ...limit }),
    use: (cost: number) => manager.consume({ ...call, cost }),
    guard: createUsageGuard<number>(manager, { identify: () => founder, cost: (cost) => cost }),
  };
}

describe('a refusal', () => {
  test('is, byte for byte, what the contract shows', async () => {
    const { clock, found, use, limit, guard } = await open('2026-10-20T12:00:00Z');
    await found();
    await use(12_880);
    clock.set(at('2026-10-25T13:20:00Z'));
    await use(1000);
    await limit({ daily: 1000, monthly: 20_000 });
    const verdict = await guard(1);
    if (verdict.allowed) throw new Error('allowed');
    const { status, headers, body } = verdict;
    expect(status).toBe(429);
    expect(headers).toEqual({
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      'Retry-After': '34800',
      'RateLimit-Policy': '"user-day";q=1000;w=90000, "user-month";q=20000;w=2682000',
      RateLimit: '"user-day";r=0;t=34800, "user-month";r=6120;t=553200',
      'X-RateLimit-Limit': '1000',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Used': '1000',
      'X-RateLimit-Reset': '1792969200',
      'X-RateLimit-Resource': 'user-day',
    });
    const instance = /urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
    expect(body?.replace(instance, 'urn:uuid:8f3c...')).toBe(
      '{"type":"https://iana.org/assignments/http-problem-types#quota-exceeded",' +
        '"title":"Quota Exceeded","status":429,' +
        '"detail":"Daily usage limit of 1000 reached. It resets on 2026-10-26 at 00:00 (Europe/Amsterdam). Contact your organization administrator to raise it.",' +
        '"instance":"urn:uuid:8f3c...","violated-policies":["user-day"],' +
        '"code":"usage_limit_exceeded","retryable":false,"cost":1,' +
        '"limits":[{"policy":"user-day","scope":"user","window":"day","limit":1000,"used":1000,"remaining":0,"resetsAt":"2026-10-26T00:00:00+01:00"},' +
        '{"policy":"user-month","scope":"user","window":"month","limit":20000,"used":13880,"remaining":6120,"resetsAt":"2026-11-01T00:00:00+01:00"}],' +
        '"timeZone":"Europe/Amsterdam","contact":{"text":"Contact your organization administrator."}}',
    );
  });

  test('names the window that ends last when several refuse, also the organization’s', async () => {
    const { found, use, limit, guard } = await open('2026-10-25T13:20:00Z', {
      contact: (id) => `Ask the desk of ${id}.`,
    });
    await found({ daily: 10, monthly: 10 });
    await use(10);
    await limit({ daily: 10 });
    const verdict = await guard(1);
    expect(verdict).toMatchObject({
      status: 429,
      headers: {
        'Retry-After': '553200',
        'X-RateLimit-Resource': 'org-month',
        RateLimit: '"org-month";r=0;t=553200, "user-day";r=0;t=34800, "org-day";r=0;t=34800',
      },
    });
    expect(bodyOf(verdict)).toMatchObject({
      'violated-policies': ['user-day', 'org-day', 'org-month'],
      detail:
        "The organization's monthly usage limit of 10 reached. It resets on 2026-11-01 at 00:00 (Europe/Amsterdam). Ask the desk of amsterdam.",
      contact: { text: 'Ask the desk of amsterdam.' },
    });
  });

  test.each([undefined, null, 7])(
    'names the administrator where `contact` says %s',
    async (said) => {
      const { found, limit, guard, errors } = await open('2026-10-25T13:20:00Z', {
        contact: Object(() => said),
      });
      await found();
      await limit({ daily: 0 });
      const verdict = await guard(1);
      if (verdict.allowed) throw new Error('allowed');
      expect(JSON.parse(verdict.body ?? '')).toMatchObject({
        code: 'usage_limit_exceeded',
        contact: { text: 'Contact your organization administrator.' },
      });
      expect(errors).toHaveLength(1);
    },
  );

  test.each([
    [{ daily: 0 }, 1, 'Daily usage limit of 0 allows no usage. '],
    [{ monthly: 5 }, 6, 'Monthly usage limit of 5 is below the cost of 6. '],
    // The day's end would not help, whatever the month's limit says.
    [{ daily: 5, monthly: 8 }, 7, 'Daily usage limit of 5 is below the cost of 7. '],
  ])('says nothing of retrying when waiting cannot help: %j', async (limits, cost, detail) => {
    const { found, use, limit, guard } = await open('2026-10-25T13:20:00Z');
    await found();
    await use(2);
    await limit(limits);
    const verdict = await guard(cost);
    expect(verdict).toMatchObject({ status: 429 });
    expect(verdict.headers).not.toHaveProperty('Retry-After');
    expect(bodyOf(verdict)).toMatchObject({
      retryable: false,
      detail: `${detail}Contact your organization administrator to raise it.`,
    });
  });

  test('is worth an automatic retry in the last minute of the window only', async () => {
    const { clock, found, use, limit, guard } = await open('2026-10-25T22:58:59.999Z');
    await found();
    await use(2);
    await limit({ daily: 3 });
    const verdict = await guard(2);
    expect(verdict).toMatchObject({ headers: { 'Retry-After': '61' } });
    expect(bodyOf(verdict)).toMatchObject({
      retryable: false,
      detail: expect.stringMatching(/^Daily usage limit of 3 leaves 1 of the 2 needed\. It resets/),
    });
    clock.set(at('2026-10-25T22:59:00Z'));
    expect(bodyOf(await guard(2))).toMatchObject({ retryable: true });
    clock.set(at('2026-10-25T22:59:59.999Z'));
    expect(await guard(2)).toMatchObject({ headers: { 'Retry-After': '1' } });
  });
});

test('a zone without an offset is written with a zero one', async () => {
  const { manager } = await createTeam(memoryStorage());
  const { userId } = admin;
  await manager.setLimit({ orgId, actor: admin, userId, daily: 0 });
  const guard = createUsageGuard(manager, { identify: () => adminIdentity });
  const verdict = await guard(new Request('https://app.acme.example.com'));
  expect(bodyOf(verdict)).toMatchObject({
    timeZone: 'UTC',
    limits: [{ resetsAt: '2026-11-24T00:00:00+00:00' }],
  });
});

describe('an allowed request', () => {
  test('is told where every limited window stands, the scarcest first', async () => {
    const { found, limit, guard } = await open('2026-10-25T13:20:00Z');
    await found({ monthly: 40 });
    await limit({ daily: 1000, monthly: Number.MAX_SAFE_INTEGER });
    expect(await guard(10)).toMatchObject({
      allowed: true,
      headers: {
        'RateLimit-Policy':
          '"org-month";q=40;w=2682000, "user-day";q=1000;w=90000, "user-month";q=999999999999999;w=2682000',
        RateLimit:
          '"org-month";r=30;t=553200, "user-day";r=990;t=34800, "user-month";r=999999999999999;t=553200',
        'X-RateLimit-Limit': '40',
        'X-RateLimit-Remaining': '30',
        'X-RateLimit-Used': '10',
        'X-RateLimit-Reset': '1793487600',
        'X-RateLimit-Resource': 'org-month',
      },
    });
  });

  test('gets no headers when nothing is limited', async () => {
    const { found, guard } = await open('2026-10-25T13:20:00Z');
    await found();
    const verdict = await guard(1);
    expect(verdict.allowed && verdict.headers).toEqual({});
  });
});

describe('construction', () => {
  const identify = () => adminIdentity;
  const untyped = (factory: object, ...args: unknown[]) =>
    Reflect.apply(Object(factory), undefined, args);
  const issue = (path: string) =>
    expect.objectContaining({
      code: 'invalid_options',
      details: { issues: [{ path, message: expect.any(String) }] },
    });

  test.each([
    ['createHandler', createHandler],
    ['createUsageGuard', createUsageGuard],
    ['expressHandler', expressHandler],
    ['expressUsageGuard', expressUsageGuard],
    ['fastifyUsageGuard', fastifyUsageGuard],
  ])('%s needs identify and refuses unknown options', async (_, factory) => {
    const { manager } = await createTeam(memoryStorage());
    expect(() => untyped(factory, manager, {})).toThrow(issue('identify'));
    expect(() => untyped(factory, manager, { identify: 'x' })).toThrow(issue('identify'));
    expect(() => untyped(factory, manager)).toThrow(issue('identify'));
    expect(() => untyped(factory, manager, { identify, skip: true })).toThrow(issue('skip'));
  });

  test('a guard refuses an unknown activity and a cost that is none', async () => {
    const { manager } = await createTeam(memoryStorage());
    expect(() => createUsageGuard(manager, { identify, activity: 'serach' })).toThrow(
      issue('activity'),
    );
    for (const cost of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => createUsageGuard(manager, { identify, cost })).toThrow(issue('cost'));
    }
  });
});

test('a guard lets nothing through when identify or the storage fails', async () => {
  const storage = memoryStorage();
  const faults = new Map<string, Error>([
    ['u_unlucky', new Error('down')],
    ['u_outdated', new OrgUserManagerError('schema_outdated', { found: 'older' })],
  ]);
  const { manager, errors } = await createTeam({
    ...storage,
    load(query) {
      const fault = faults.get(query.userIds?.[0] ?? '');
      return fault ? Promise.reject(fault) : storage.load(query);
    },
  });
  const failing = createUsageGuard(manager, { identify: () => Promise.reject(new Error('lost')) });
  await expect(failing(new Request('https://app.acme.example.com'))).rejects.toMatchObject({
    code: 'internal',
    cause: { message: 'lost' },
  });
  const as = (identity: Identity) => createUsageGuard(manager, { identify: () => identity });
  const request = new Request('https://app.acme.example.com');
  const verdict = await as({ ...adminIdentity, userId: 'u_unlucky' })(request);
  expect(verdict).toMatchObject({ allowed: false, status: 503 });
  expect(bodyOf(verdict)).toMatchObject({ code: 'unavailable' });
  expect(JSON.stringify(verdict)).not.toContain('down');
  expect(errors).toMatchObject([{ code: 'unavailable', cause: { message: 'down' } }]);
  // An error of ours is no refusal either when it is the server's fault.
  const outdated = await as({ ...adminIdentity, userId: 'u_outdated' })(request);
  expect(outdated).toMatchObject({ allowed: false, status: 503, code: 'unavailable' });
});

test('a charge that loses against others again and again is answered with 503', async () => {
  const storage = memoryStorage();
  const { manager, errors } = await createTeam(storage, {
    onStoreError: 'open',
    rateLimitStore: {
      ...storage.rateLimits,
      consume: () => Promise.reject(new OrgUserManagerError('conflict', {})),
    },
  });
  const guard = createUsageGuard(manager, { identify: () => adminIdentity });
  const verdict = await guard(new Request('https://app.acme.example.com'));
  expect(verdict).toMatchObject({
    allowed: false,
    status: 503,
    code: 'unavailable',
    headers: { 'Retry-After': '5' },
  });
  expect(errors).toMatchObject([{ code: 'conflict' }]);
});

function bodyOf(verdict: Awaited<ReturnType<ReturnType<typeof createUsageGuard>>>): unknown {
  if (verdict.allowed) throw new Error('allowed');
  return JSON.parse(verdict.body ?? '');
}
