/** The 429 as it crosses the wire, and what its headers claim. */
import type { WindowUsage } from 'org-user-manager';
import { createUsageGuard, type UsageGuardOptions } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { type Item, parseList } from 'structured-headers';
import { describe, expect, test } from 'vitest';
import { account, admin, createTeam, orgId } from '../fixtures/team.ts';
import { founder, openAmsterdam, openUsedUpDay } from './amsterdam.ts';
import { askRaw, guardedHosts } from './guarded-hosts.ts';

const identify = () => founder;

const example = `HTTP/1.1 429 Too Many Requests
Date: Sun, 25 Oct 2026 13:20:00 GMT
Content-Type: application/problem+json
Cache-Control: no-store
Retry-After: 34800
RateLimit-Policy: "user-day";q=1000;w=90000, "user-month";q=20000;w=2682000
RateLimit: "user-day";r=0;t=34800, "user-month";r=6120;t=553200
X-RateLimit-Limit: 1000
X-RateLimit-Remaining: 0
X-RateLimit-Used: 1000
X-RateLimit-Reset: 1792969200
X-RateLimit-Resource: user-day

{"type":"https://iana.org/assignments/http-problem-types#quota-exceeded",
 "title":"Quota Exceeded","status":429,
 "detail":"Daily usage limit of 1000 reached. It resets on 2026-10-26 at 00:00 (Europe/Amsterdam). Contact your organization administrator to raise it.",
 "instance":"urn:uuid:8f3c...","violated-policies":["user-day"],
 "code":"usage_limit_exceeded","retryable":false,"cost":1,
 "limits":[{"policy":"user-day","scope":"user","window":"day","limit":1000,"used":1000,"remaining":0,"resetsAt":"2026-10-26T00:00:00+01:00"},
           {"policy":"user-month","scope":"user","window":"month","limit":20000,"used":13880,"remaining":6120,"resetsAt":"2026-11-01T00:00:00+01:00"}],
 "timeZone":"Europe/Amsterdam","contact":{"text":"Contact your organization administrator."}}`;

describe.each(guardedHosts)('on $name', (host) => {
  test('the worked example is reproduced byte for byte', async () => {
    const { manager, clock } = await openUsedUpDay();
    const headers = () => ({ Date: new Date(clock.now()).toUTCString() });
    const port = await host.listen({ manager, guards: [{ identify }], headers });
    const answer = await askRaw(port, 'GET /search HTTP/1.1');
    // Fastify writes the names of headers in small letters, as HTTP/2 does.
    const spell = (name: string) => (host.name === 'Fastify' ? name.toLowerCase() : name);
    const [head = '', body = ''] = example.split('\n\n');
    const [statusLine, ...lines] = head.split('\n');
    expect(answer.statusLine).toBe(statusLine);
    expect(answer.headers.map(([name, value]) => `${name}: ${value}`)).toEqual(
      lines.map((line) => line.replace(/^[^:]+/, spell)),
    );
    const instance = /urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
    // The example breaks its lines between members.
    expect(answer.body.replace(instance, 'urn:uuid:8f3c...')).toBe(body.replace(/\n */g, ''));
  });

  test('a refusal without a body has the same head', async () => {
    const { manager } = await openUsedUpDay();
    const port = await host.listen({ manager, guards: [{ identify }] });
    const [get, head] = [
      await askRaw(port, 'GET /search HTTP/1.1'),
      await askRaw(port, 'HEAD /search HTTP/1.1'),
    ];
    const named = ({ headers }: typeof get) =>
      headers.filter(([name]) => name.toLowerCase() !== 'date');
    expect(head.statusLine).toBe('HTTP/1.1 429 Too Many Requests');
    expect(named(head)).toEqual(named(get));
    expect(head.body).toBe('');
  });
});

/** The members of a header of ours, parsed as RFC 9651 says. */
function parse(value: string | undefined): readonly Item[] {
  const list = parseList(value ?? '');
  for (const [name, parameters] of list) {
    expect(name).toMatch(/^(user|org)-(day|month)$/);
    expect(parameters).toBeInstanceOf(Map);
  }
  return list.map(([name, parameters]) => [String(name), new Map(parameters)]);
}

async function verdictOf(
  manager: Parameters<typeof createUsageGuard>[0],
  options: Partial<UsageGuardOptions<unknown>> = {},
) {
  const verdict = await createUsageGuard<unknown>(manager, { identify, ...options })(null);
  return { ...verdict, policies: policiesIn(verdict), standings: standingsIn(verdict) };
}

type Headers = { readonly headers: Readonly<Record<string, string>> };
const policiesIn = ({ headers }: Headers) => parse(headers['RateLimit-Policy']);
const standingsIn = ({ headers }: Headers) => parse(headers.RateLimit);

describe('the fields, by a parser of structured fields,', () => {
  test('name the same windows in the same order, with whole numbers', async () => {
    const { manager, limit } = await openAmsterdam('2026-10-25T13:20:00.001Z', {}, { daily: 8 });
    await limit({ daily: 10, monthly: 9 });
    const { policies, standings } = await verdictOf(manager);
    expect(policies.map(([name]) => name)).toEqual(['org-day', 'user-month', 'user-day']);
    expect(standings.map(([name]) => name)).toEqual(['org-day', 'user-month', 'user-day']);
    expect(policies.map(([, parameters]) => Object.fromEntries(parameters))).toEqual([
      { q: 8, w: 90_000 },
      { q: 9, w: 2_682_000 },
      { q: 10, w: 90_000 },
    ]);
    expect(standings.map(([, parameters]) => Object.fromEntries(parameters))).toEqual([
      // A part of a second counts as a whole one: the window has not ended before.
      { r: 7, t: 34_800 },
      { r: 8, t: 553_200 },
      { r: 9, t: 34_800 },
    ]);
  });

  test.each([
    ['23 hours', '2026-03-29T12:00:00Z', 82_800],
    ['24 hours', '2026-03-30T12:00:00Z', 86_400],
    ['25 hours', '2026-10-25T12:00:00Z', 90_000],
  ])('give a day of %s its length, the same from its first to its last second', async (...day) => {
    const [, noon, length] = day;
    const { manager, limit, clock } = await openAmsterdam(noon);
    await limit({ daily: 100 });
    const first = await verdictOf(manager);
    const toEnd = Number(first.standings[0]?.[1].get('t')) * 1000;
    for (const [wait, t] of [
      [0, toEnd / 1000],
      [toEnd - 1000, 1],
      [999, 1],
    ] as const) {
      clock.set(clock.now() + wait);
      const { policies, standings } = await verdictOf(manager);
      expect(policies[0]?.[1].get('w')).toBe(length);
      expect(standings[0]?.[1].get('t')).toBe(t);
    }
    clock.set(clock.now() + 1);
    expect((await verdictOf(manager)).standings[0]?.[1].get('r')).toBe(99);
  });

  test('keep within the numbers that a structured field may hold', async () => {
    const { manager, limit } = await openAmsterdam('2026-10-25T13:20:00Z');
    await limit({ daily: Number.MAX_SAFE_INTEGER });
    const { policies, standings } = await verdictOf(manager);
    expect(policies[0]?.[1].get('q')).toBe(999_999_999_999_999);
    expect(standings[0]?.[1].get('r')).toBe(999_999_999_999_999);
  });

  test('tell a unit that is not a request', async () => {
    const { manager } = await openUsedUpDay();
    const { policies } = await verdictOf(manager, { unit: 'credits' });
    expect(policies[0]?.[1].get('oum-unit')).toBe('credits');
  });

  test('leave out what has no limit', async () => {
    const { manager, limit } = await openAmsterdam('2026-10-25T13:20:00Z');
    await limit({ monthly: 5 });
    expect((await verdictOf(manager)).policies.map(([name]) => name)).toEqual(['user-month']);
  });
});

describe('Retry-After', () => {
  test.each([
    ['the day alone', { daily: 2, monthly: 9 }, '34800'],
    ['the month alone', { daily: 9, monthly: 2 }, '553200'],
    ['both: the later one', { daily: 2, monthly: 2 }, '553200'],
  ])('waits for the refusing windows only: %s', async (_, limits, wait) => {
    const { manager, use, limit } = await openAmsterdam('2026-10-25T13:20:00Z');
    await use(2);
    await limit(limits);
    const { headers } = await verdictOf(manager);
    expect(headers['Retry-After']).toBe(wait);
  });

  test('is absent from what is let through', async () => {
    const { manager, limit } = await openAmsterdam('2026-10-25T13:20:00Z');
    await limit({ daily: 1 });
    expect((await verdictOf(manager)).headers).not.toHaveProperty('Retry-After');
  });

  test('gets later at random, never earlier, when asked to', async () => {
    const { manager } = await openUsedUpDay();
    const waits = new Set<number>();
    for (let count = 0; count < 60; count += 1) {
      const { headers, standings } = await verdictOf(manager, { retryJitterSeconds: 3 });
      waits.add(Number(headers['Retry-After']) - 34_800);
      expect(standings[0]?.[1].get('t')).toBe(34_800);
    }
    expect([...waits].toSorted()).toEqual([0, 1, 2, 3]);
  });
});

describe('the document', () => {
  test('has member names that any language can read, but for the one that the draft names', async () => {
    const { manager } = await openUsedUpDay();
    const document = JSON.parse(bodyOf(await verdictOf(manager)));
    const names = (value: unknown): string[] =>
      value !== null && typeof value === 'object'
        ? Object.entries(value).flatMap(([name, inner]) => [
            ...(Array.isArray(value) ? [] : [name]),
            ...names(inner),
          ])
        : [];
    expect(names(document).filter((name) => !/^[A-Za-z][A-Za-z0-9_]*$/.test(name))).toEqual([
      'violated-policies',
    ]);
  });

  test('names no person and no address', async () => {
    const { manager } = await openUsedUpDay();
    const body = bodyOf(await verdictOf(manager));
    expect(body).not.toContain('@');
    for (const secret of [founder.userId, founder.email, String(founder.name)]) {
      expect(body).not.toContain(secret);
    }
  });

  test('speaks of the window that the headers name, whoever was refused before by the same units', async () => {
    const { manager, join, clock } = await createTeam(memoryStorage());
    clock.set(Date.parse('2026-10-24T12:00:00Z'));
    for (const userId of ['u_1', 'u_2']) {
      await join(userId);
      await manager.setLimit({ orgId, actor: admin, userId, monthly: 10 });
    }
    await manager.setAllocation({ orgId, actor: admin, daily: 10 });
    const guard = createUsageGuard<string>(manager, {
      identify: (userId) => ({ ...account(userId), orgId }),
    });
    const refusalOf = async (userId: string) => {
      const verdict = await guard(userId);
      const { limits, ...problem } = JSON.parse(bodyOf(verdict));
      const windows = limits.map(({ policy, used }: WindowUsage) => [policy, used]);
      return [verdict.headers['X-RateLimit-Resource'], problem['violated-policies'], windows];
    };
    await manager.consume({ orgId, userId: 'u_1', cost: 5 });
    clock.set(Date.parse('2026-10-25T12:00:00Z'));
    await manager.consume({ orgId, userId: 'u_1', cost: 5 });
    expect(await refusalOf('u_1')).toEqual([
      'user-month',
      ['user-month'],
      [
        ['user-month', 10],
        ['org-day', 5],
      ],
    ]);
    await manager.consume({ orgId, userId: 'u_2', cost: 5 });
    expect(await refusalOf('u_2')).toEqual([
      'org-day',
      ['org-day'],
      [
        ['org-day', 10],
        ['user-month', 5],
      ],
    ]);
  });

  test('names each refusal by another URN', async () => {
    const { manager } = await openUsedUpDay();
    const guard = createUsageGuard<unknown>(manager, { identify });
    const instances = [await guard(null), await guard(null)].map(
      (verdict) => JSON.parse(bodyOf(verdict)).instance,
    );
    expect(new Set(instances).size).toBe(2);
  });

  test('has the type that the host describes, and calls retryable what the host says', async () => {
    const { manager } = await openUsedUpDay();
    const options = {
      problemTypeBase: 'https://docs.example.com/problems',
      retryableWaitMs: 34_800_000,
    };
    expect(JSON.parse(bodyOf(await verdictOf(manager, options)))).toMatchObject({
      type: 'https://docs.example.com/problems#quota-exceeded',
      retryable: true,
    });
  });
});

describe('headers', () => {
  const limitHeaders = ({ headers }: Headers) =>
    Object.keys(headers).filter((name) => /ratelimit|retry/i.test(name));

  test.each([
    [undefined, 7, 8],
    ['always', 7, 8],
    ['near', 0, 8],
    ['denied', 0, 8],
    [false, 0, 0],
  ] as const)('%s: %i on a request with room, %i on a refusal', async (headers, room, refused) => {
    const { manager, use, limit } = await openAmsterdam('2026-10-25T13:20:00Z');
    await limit({ daily: 10 });
    expect(limitHeaders(await verdictOf(manager, { headers }))).toHaveLength(room);
    await use(9);
    expect(limitHeaders(await verdictOf(manager, { headers }))).toHaveLength(refused);
  });

  test('near the end of a limit, a fifth of it, `near` tells', async () => {
    const { manager, use, limit } = await openAmsterdam('2026-10-25T13:20:00Z');
    await limit({ daily: 10, monthly: 100 });
    await use(6);
    const near = { headers: 'near' } as const;
    expect(limitHeaders(await verdictOf(manager, near))).toEqual([]);
    expect((await verdictOf(manager, near)).standings[0]?.[1].get('r')).toBe(2);
    expect(limitHeaders(await verdictOf(manager, { headers: 'denied' }))).toEqual([]);
  });

  test('the older ones can be left out', async () => {
    const { manager } = await openUsedUpDay();
    const verdict = await verdictOf(manager, { legacyHeaders: false });
    expect(limitHeaders(verdict)).toEqual(['Retry-After', 'RateLimit-Policy', 'RateLimit']);
  });

  test('scripts of other origins may read exactly what is sent, when asked to', async () => {
    const { manager } = await openUsedUpDay();
    for (const legacyHeaders of [true, false]) {
      const { headers } = await verdictOf(manager, { exposeHeaders: true, legacyHeaders });
      const { 'Access-Control-Expose-Headers': exposed = '', ...others } = headers;
      expect(exposed.split(', ').toSorted()).toEqual(limitHeaders({ headers: others }).toSorted());
    }
    expect((await verdictOf(manager)).headers).not.toHaveProperty('Access-Control-Expose-Headers');
  });
});

function bodyOf(verdict: { readonly allowed: boolean; readonly body?: string | null }): string {
  expect(verdict.allowed).toBe(false);
  return verdict.body ?? '';
}
