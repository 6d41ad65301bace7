/** What a guard's options do, on both frameworks. */
import { setImmediate } from 'node:timers/promises';
import { systemActor } from 'org-user-manager';
import {
  createHandler,
  createUsageGuard,
  type UsageDenial,
  type UsageGuardOptions,
} from 'org-user-manager/http';
import { describe, expect, test, vi } from 'vitest';
import { orgId } from '../fixtures/team.ts';
import { founder, openAmsterdam, openUsedUpDay } from './amsterdam.ts';
import { sendTo } from './doors.ts';
import { guardedHosts } from './guarded-hosts.ts';

const identify = () => founder;
const now = '2026-10-25T13:20:00Z';
const urlOf = (subject: unknown) => String(Object(subject).url);

describe.each(guardedHosts)('on $name', ({ listen }) => {
  test.each([
    ['at once', (subject: unknown) => urlOf(subject).includes('free')],
    ['after a while', async (subject: unknown) => urlOf(subject).includes('free')],
  ])('`skip` leaves a request alone, decided %s', async (_, skip) => {
    const { manager, limit, used } = await openAmsterdam(now);
    await limit({ daily: 1 });
    const asked = vi.fn(identify);
    const send = sendTo(await listen({ manager, guards: [{ identify: asked, skip }] }));
    for (let count = 0; count < 3; count += 1) {
      const { status, headers } = await send('GET', '/search?free');
      expect([status, headers.ratelimit]).toEqual([200, undefined]);
    }
    expect(asked).not.toHaveBeenCalled();
    expect(await used()).toBe(0);
    expect(await send('GET', '/search')).toMatchObject({
      headers: { ratelimit: expect.any(String) },
    });
    expect(await send('GET', '/search')).toMatchObject({ status: 429 });
  });

  test('`cost` is a number, or a function that may take its time', async () => {
    const { manager, used } = await openAmsterdam(now);
    const costs = [3, () => 4, async () => 5];
    for (const cost of costs) {
      const send = sendTo(await listen({ manager, guards: [{ identify, cost }] }));
      expect(await send('GET', '/search')).toMatchObject({ status: 200 });
    }
    expect(await used()).toBe(12);
  });

  test.each([undefined, null, '2', 0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    'a cost that turns out as %s is a 400, and charges nothing',
    async (cost) => {
      const { manager, used } = await openAmsterdam(now);
      const reached = vi.fn();
      // As a host without types may answer.
      const guards = [{ identify, cost: async () => Object({ cost }).cost }];
      const send = sendTo(await listen({ manager, guards, reached }));
      expect(await send('GET', '/search')).toMatchObject({
        status: 400,
        body: { code: 'invalid_input' },
      });
      expect(reached).not.toHaveBeenCalled();
      expect(await used()).toBe(0);
    },
  );

  test.each(['identify', 'skip', 'cost'] as const)(
    'nothing is let through or charged when `%s` fails',
    async (name) => {
      const { manager, used } = await openAmsterdam(now);
      const reached = vi.fn();
      const guards = [{ identify, [name]: () => Promise.reject(new Error('host')) }];
      const send = sendTo(await listen({ manager, guards, reached }));
      expect(await send('GET', '/search')).toMatchObject({ status: 500 });
      expect(reached).not.toHaveBeenCalled();
      expect(await used()).toBe(0);
    },
  );

  test('`onDenied` is told of refusals only, with what a program needs', async () => {
    const { manager, limit } = await openAmsterdam(now);
    await limit({ daily: 1 });
    const denials: [UsageDenial, string][] = [];
    const onDenied = (denial: UsageDenial, subject: unknown) => {
      denials.push([denial, urlOf(subject)]);
      return undefined;
    };
    const send = sendTo(await listen({ manager, guards: [{ identify, onDenied }] }));
    await send('GET', '/search');
    expect(denials).toEqual([]);
    expect(await send('GET', '/search?x')).toMatchObject({ status: 429 });
    expect(denials).toMatchObject([
      [
        { status: 429, code: 'usage_limit_exceeded', decision: { violated: ['user-day'] } },
        '/search?x',
      ],
    ]);
  });

  test('`onDenied` may change the answer, each header once', async () => {
    const { manager } = await openUsedUpDay();
    const onDenied = async () => ({
      status: 402,
      headers: { 'content-type': 'text/plain', 'X-Plan': 'small' },
      body: 'Upgrade.',
    });
    const send = sendTo(await listen({ manager, guards: [{ identify, onDenied }] }));
    expect(await send('GET', '/search')).toMatchObject({
      status: 402,
      headers: { 'content-type': 'text/plain', 'x-plan': 'small', 'retry-after': '34800' },
      body: 'Upgrade.',
    });
  });

  test('an `onDenied` that fails changes nothing', async () => {
    const { manager, errors } = await openUsedUpDay();
    const fault = new Error('listener');
    const guards = [{ identify, onDenied: () => Promise.reject(fault) }];
    const send = sendTo(await listen({ manager, guards }));
    expect(await send('GET', '/search')).toMatchObject({
      status: 429,
      body: { code: 'usage_limit_exceeded' },
    });
    expect(errors).toEqual([fault]);
  });

  test('`skip` leaves nothing alone unless it answers `true`', async () => {
    const { manager, used } = await openAmsterdam(now);
    for (const answer of ['false', 'true', 1, {}, [], Promise.resolve('true'), Object(true)]) {
      // As a host without types may answer.
      const skip = () => Object({ answer }).answer;
      const send = sendTo(await listen({ manager, guards: [{ identify, skip }] }));
      await send('GET', '/search');
    }
    expect(await used()).toBe(7);
  });

  test('the verdict on a skipped request keeps nothing for the next one', async () => {
    const { manager } = await openAmsterdam(now);
    const guard = createUsageGuard<unknown>(manager, { identify, skip: () => true });
    const first = await guard(null);
    expect(Reflect.set(first, 'allowed', false)).toBe(false);
    expect(Reflect.set(first.headers, 'X-Own', 'x')).toBe(false);
    if (!first.allowed) throw new Error('refused');
    expect(Reflect.set(first.usage, 'recheck', () => ({ allowed: false }))).toBe(false);
    const second = await guard(null);
    expect(second).toMatchObject({ allowed: true, headers: {} });
    expect(second.allowed && (await second.usage.recheck())).toMatchObject({ allowed: true });
  });

  test('`onDenied` cannot make a refusal anything else', async () => {
    const { manager, errors } = await openUsedUpDay();
    const attempts: ((denial: UsageDenial) => unknown)[] = [
      (denial) => Reflect.set(denial, 'allowed', true) && undefined,
      (denial) => Reflect.set(denial, 'status', 200) && undefined,
      (denial) => Reflect.set(denial.headers, 'X-Own', 'x') && undefined,
      (denial) => Reflect.deleteProperty(denial, 'allowed') && undefined,
      () => ({ allowed: true }),
    ];
    for (const attempt of attempts) {
      const reached = vi.fn();
      const onDenied = (denial: UsageDenial) => Object({ answer: attempt(denial) || {} }).answer;
      const send = sendTo(await listen({ manager, guards: [{ identify, onDenied }], reached }));
      const { status, headers } = await send('GET', '/search');
      expect([status, headers['x-own']]).toEqual([429, undefined]);
      expect(reached).not.toHaveBeenCalled();
    }
    expect(errors).toEqual([]);
  });

  test.each([
    ['a status that is a success', { status: 200 }, '.status'],
    ['a status of 0', { status: 0 }, '.status'],
    ['a status that leads elsewhere', { status: 302 }, '.status'],
    ['a status that is none', { status: 600 }, '.status'],
    ['a status that is no integer', { status: 429.5 }, '.status'],
    ['a status that is a string', { status: '402' }, '.status'],
    ['headers that are a string', { headers: 'x' }, '.headers'],
    ['headers that are a list', { headers: ['a'] }, '.headers'],
    ['headers of fetch', { headers: new Headers({ 'X-Own': 'a' }) }, '.headers'],
    ['a header that is no string', { headers: { 'X-Own': 1 } }, '.headers'],
    ['a header that is a list', { headers: { 'X-Own': ['a'] } }, '.headers'],
    ['a header name with a space', { headers: { 'X Own': 'a' } }, '.headers'],
    ['a header with a line break', { headers: { 'X-Own': 'a\r\nb: c' } }, '.headers'],
    ['a header beyond Latin-1', { headers: { 'X-Own': '\u20ac' } }, '.headers'],
    ['a body that is an object', { body: {} }, '.body'],
    ['a body that is a number', { body: 7 }, '.body'],
    ['a string', 'Upgrade.', ''],
    ['false', false, ''],
    ['a function', () => undefined, ''],
    ['a response of fetch', new Response('Upgrade.', { status: 402 }), ''],
    ['a list', [402], ''],
    ['an object of a class', new URL('https://app.acme.example.com'), ''],
    ['an object that inherits a status', Object.create({ status: 402 }), ''],
    ['a status by the name of Node', { statusCode: 402 }, '.statusCode'],
    ['an unknown field beside a known one', { status: 402, header: {} }, '.header'],
    ['a field that may be an address', { 'u_1@acme.example.com': 1 }, ''],
  ])('an `onDenied` that answers %s is an error, and changes nothing', async (_, answer, field) => {
    const { manager, errors } = await openUsedUpDay();
    const onDenied = () => Object({ answer }).answer;
    const send = sendTo(await listen({ manager, guards: [{ identify, onDenied }] }));
    expect(await send('GET', '/search')).toMatchObject({
      status: 429,
      headers: { 'content-type': 'application/problem+json' },
      body: { code: 'usage_limit_exceeded' },
    });
    expect(errors).toMatchObject([
      {
        code: 'invalid_options',
        details: {
          issues: [
            { path: `onDenied()${field}`, message: expect.stringMatching(/^(?:must|is not|has) /) },
          ],
        },
      },
    ]);
  });

  test('an `onDenied` may answer null, for the whole and for a field, or the denial itself', async () => {
    const { manager, errors } = await openUsedUpDay();
    const answers = [
      () => Object({ answer: null }).answer,
      () => Object({ status: null, headers: null }),
      (denial: UsageDenial) => ({ ...denial }),
      (denial: UsageDenial) => denial,
      () => Object.create(null),
      () => ({}),
    ];
    for (const onDenied of answers) {
      const send = sendTo(await listen({ manager, guards: [{ identify, onDenied }] }));
      expect(await send('GET', '/search')).toMatchObject({
        status: 429,
        body: { code: 'usage_limit_exceeded' },
      });
    }
    const onDenied = () => ({ body: null });
    const send = sendTo(await listen({ manager, guards: [{ identify, onDenied }] }));
    expect(await send('GET', '/search')).toMatchObject({ status: 429, body: '' });
    expect(errors).toEqual([]);
  });

  test('an `onDenied` that only listens is no error', async () => {
    const { manager, errors } = await openUsedUpDay();
    const heard: string[] = [];
    const listeners: UsageGuardOptions<unknown>['onDenied'][] = [
      ({ code }: UsageDenial) => {
        heard.push(code);
      },
      async ({ code }: UsageDenial) => {
        heard.push(code);
      },
    ];
    for (const onDenied of listeners) {
      const send = sendTo(await listen({ manager, guards: [{ identify, onDenied }] }));
      expect(await send('GET', '/search')).toMatchObject({ status: 429 });
    }
    expect(heard).toEqual(['usage_limit_exceeded', 'usage_limit_exceeded']);
    expect(errors).toEqual([]);
  });

  test('two guards charge one after the other, and tell each window once, as it stands', async () => {
    const { manager, limit, used } = await openAmsterdam(now);
    await limit({ daily: 10, monthly: 100 });
    const guards = [
      { identify, activity: 'search', cost: 2, exposeHeaders: true },
      { identify, activity: 'export', cost: 5, exposeHeaders: true },
    ];
    const send = sendTo(await listen({ manager, guards }));
    const { headers } = await send('GET', '/search');
    expect(headers.ratelimit).toBe('"user-day";r=3;t=34800, "user-month";r=93;t=553200');
    expect(headers['ratelimit-policy']).toBe(
      '"user-day";q=10;w=90000, "user-month";q=100;w=2682000',
    );
    expect(headers['x-ratelimit-remaining']).toBe('3');
    const exposed = headers['access-control-expose-headers']?.split(', ') ?? [];
    expect(exposed).toHaveLength(new Set(exposed).size);
    // The first has room for its 2, the second none for its 5.
    const refused = await send('GET', '/search');
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '34800' } });
    expect(refused.headers.ratelimit).toMatch(/^"user-day";r=1;t=34800/);
    expect(await used()).toBe(9);
  });

  test('the members of another limiter and of CORS stay in the lists', async () => {
    const { manager, limit } = await openAmsterdam(now);
    await limit({ daily: 10 });
    const headers = () => ({
      RateLimit: '"burst, \\" user-day";r=9;t=1',
      'RateLimit-Policy': '"burst, \\" user-day";q=10;w=1',
      'Access-Control-Expose-Headers': 'X-Own, ratelimit',
    });
    const send = sendTo(
      await listen({ manager, guards: [{ identify, exposeHeaders: true }], headers }),
    );
    const answer = await send('GET', '/search');
    expect(answer.headers.ratelimit).toBe('"burst, \\" user-day";r=9;t=1, "user-day";r=9;t=34800');
    expect(answer.headers['ratelimit-policy']).toBe(
      '"burst, \\" user-day";q=10;w=1, "user-day";q=10;w=90000',
    );
    expect(answer.headers['access-control-expose-headers']).toMatch(
      /^X-Own, RateLimit-Policy, RateLimit, Retry-After, X-RateLimit-Limit/,
    );
  });

  test('HEAD, unknown paths and errors are charged like everything else, and keep the headers', async () => {
    const { manager, limit, used } = await openAmsterdam(now);
    await limit({ daily: 3 });
    const send = sendTo(await listen({ manager, guards: [{ identify }] }));
    expect(await send('HEAD', '/search')).toMatchObject({
      status: 200,
      headers: { ratelimit: '"user-day";r=2;t=34800' },
    });
    expect(await send('GET', '/nowhere')).toMatchObject({ status: 404 });
    expect(await send('GET', '/fail')).toMatchObject({ status: 500 });
    expect(await used()).toBe(3);
    for (const path of ['/nowhere', '/fail', '/search']) {
      expect(await send('GET', path)).toMatchObject({ status: 429 });
    }
    expect(await send('HEAD', '/search')).toMatchObject({ status: 429, body: '' });
    expect(await used()).toBe(3);
  });
});

describe.each(guardedHosts)('what is no quota, on $name', ({ listen }) => {
  const limitHeaders = (headers: object) =>
    Object.keys(headers).filter((name) => name.includes('ratelimit'));

  test('nobody: 401; a stranger and a disabled member: 403; none of them with limits', async () => {
    const { manager, join } = await openAmsterdam(now);
    await join('u_gone');
    await manager.disable({ orgId, actor: systemActor, userId: 'u_gone' });
    const cases = [
      [null, 401, 'not_signed_in'],
      [{ ...founder, userId: 'u_nobody' }, 403, 'not_a_member'],
      [{ ...founder, orgId: 'nowhere' }, 403, 'not_a_member'],
      [{ ...founder, orgId: undefined }, 403, 'not_a_member'],
      [{ ...founder, userId: 'u_gone', orgId }, 403, 'member_disabled'],
    ] as const;
    for (const [who, status, code] of cases) {
      const send = sendTo(await listen({ manager, guards: [{ identify: () => who }] }));
      const answer = await send('GET', '/search');
      expect(answer).toMatchObject({ status, body: { status, code } });
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(limitHeaders(answer.headers)).toEqual([]);
    }
  });

  test('counters that fail: 503 with a type and a code of its own, and nothing of limits', async () => {
    const { manager, errors } = await withBrokenCounters('reject');
    const reached = vi.fn();
    const send = sendTo(await listen({ manager, guards: [{ identify }], reached }));
    const answer = await send('GET', '/search');
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '5' },
      body: {
        type: 'https://iana.org/assignments/http-problem-types#temporary-reduced-capacity',
        status: 503,
        code: 'usage_unavailable',
        retryable: true,
        'violated-policies': [],
      },
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(limitHeaders(answer.headers)).toEqual([]);
    expect(JSON.stringify(answer.body)).not.toContain('refused');
    expect(errors).toMatchObject([{ code: 'usage_unavailable' }]);
    expect(reached).not.toHaveBeenCalled();
  });

  test('counters that fail while `onStoreError` lets all through: nothing of limits either', async () => {
    const { manager, limit } = await withBrokenCounters('reject', 'open');
    await limit({ daily: 5 });
    const send = sendTo(await listen({ manager, guards: [{ identify }] }));
    const { status, headers } = await send('GET', '/search');
    expect(status).toBe(200);
    expect(limitHeaders(headers)).toEqual([]);
  });

  test('counters that never answer: 503 once the deadline is over', async () => {
    const { manager, clock } = await withBrokenCounters('hang');
    const send = sendTo(await listen({ manager, guards: [{ identify }] }));
    const answer = send('GET', '/search');
    let status: number | undefined;
    void answer.then((ended) => {
      status = ended.status;
    });
    for (let turn = 0; status === undefined && turn < 1000; turn += 1) {
      await setImmediate();
      clock.advance(10);
    }
    expect(await answer).toMatchObject({ status: 503, body: { code: 'usage_unavailable' } });
  });
});

test('the route that charges answers as the guard does when the counters fail', async () => {
  const { manager, limit } = await withBrokenCounters('reject');
  await limit({ daily: 5 });
  const handler = createHandler(manager, { identify });
  const response = await handler(
    new Request('https://app.acme.example.com/org/api/consume', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    }),
  );
  const verdict = await createUsageGuard<unknown>(manager, { identify })(null);
  if (verdict.allowed) expect.fail('allowed');
  expect(response.status).toBe(503);
  const instance = /urn:uuid:[0-9a-f-]{36}/;
  expect((await response.text()).replace(instance, '')).toBe(verdict.body?.replace(instance, ''));
  expect(response.headers.get('retry-after')).toBe('5');
});

test('a header that `onDenied` sets stands once in a fetch answer, however it is spelled', async () => {
  const { manager } = await openUsedUpDay();
  const onDenied = () => ({ headers: { 'content-type': 'text/plain' } });
  const verdict = await createUsageGuard<unknown>(manager, { identify, onDenied })(null);
  if (verdict.allowed) expect.fail('allowed');
  const { headers } = new Response(verdict.body, verdict);
  expect(headers.get('content-type')).toBe('text/plain');
  expect(Object.isFrozen(verdict) && Object.isFrozen(verdict.headers)).toBe(true);
});

/** A manager whose counters cannot answer. */
function withBrokenCounters(how: 'reject' | 'hang', onStoreError: 'closed' | 'open' = 'closed') {
  const broken = () =>
    how === 'reject'
      ? Promise.reject(new Error('connection refused'))
      : new Promise<never>(() => undefined);
  const rateLimitStore = { consume: broken, get: broken };
  return openAmsterdam(now, { rateLimitStore, onStoreError });
}
