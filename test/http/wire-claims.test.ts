/** Every header of every kind of answer, over the socket, by a parser of structured fields (RFC 9651). */
import { parseItem, parseList, Token } from 'structured-headers';
import { describe, expect, test } from 'vitest';
import { founder, openAmsterdam } from './amsterdam.ts';
import { askRaw, guardedHosts } from './guarded-hosts.ts';

const day = '34800';
const month = '553200';

// Two units are used; then one costs what the case says.
const cases = [
  { name: 'allowed', limits: { daily: 9 }, policies: ['user-day'], wait: null },
  {
    name: 'the day',
    limits: { daily: 2, monthly: 90 },
    policies: ['user-day', 'user-month'],
    wait: day,
  },
  {
    name: 'the month',
    limits: { daily: 9, monthly: 2 },
    policies: ['user-month', 'user-day'],
    wait: month,
  },
  { name: 'the organization’s day', allocation: { daily: 2 }, policies: ['org-day'], wait: day },
  {
    name: 'the organization’s month',
    limits: { daily: 9, monthly: 90 },
    allocation: { daily: 9, monthly: 2 },
    policies: ['org-month', 'user-day', 'org-day', 'user-month'],
    wait: month,
  },
  {
    name: 'all four',
    limits: { daily: 2, monthly: 2 },
    allocation: { daily: 2, monthly: 2 },
    policies: ['user-month', 'org-month', 'user-day', 'org-day'],
    wait: month,
  },
  {
    name: 'a limit of 0',
    limits: { daily: 0, monthly: 2 },
    policies: ['user-day', 'user-month'],
    wait: null,
  },
  {
    name: 'a cost above the limit',
    limits: { monthly: 5 },
    cost: 6,
    policies: ['user-month'],
    wait: null,
  },
];

const statusOf = (name: string) => (name === 'allowed' ? 200 : 429);

describe.each(guardedHosts)('on $name', ({ listen }) => {
  test.each(cases)('$name: headers that parse, and say what the contract says', async (about) => {
    const { name, limits = {}, allocation = {}, cost = 1, policies, wait } = about;
    const { manager, limit, use } = await openAmsterdam('2026-10-25T13:20:00Z', {}, allocation);
    await use(2);
    await limit(limits);
    const guards = [{ identify: () => founder, cost, exposeHeaders: true }];
    const { statusLine, headers: lines } = await askRaw(
      await listen({ manager, guards }),
      'GET /search HTTP/1.1',
    );
    const headers = new Map(lines.map(([header, value]) => [header.toLowerCase(), value]));
    const item = (header: string) => parseItem(headers.get(header) ?? '')[0];
    const list = (header: string) => parseList(headers.get(header) ?? '');
    expect(statusLine).toContain(` ${statusOf(name)} `);

    const windows = list('ratelimit-policy').map(([policy, parameters]) => {
      expect([...parameters.keys()]).toEqual(['q', 'w']);
      return { policy, ...Object.fromEntries(parameters) };
    });
    const standings = list('ratelimit').map(([policy, parameters]) => {
      expect([...parameters.keys()]).toEqual(['r', 't']);
      return { policy, ...Object.fromEntries(parameters) };
    });
    expect([...windows, ...standings].map(({ policy }) => policy)).toEqual([
      ...policies,
      ...policies,
    ]);
    for (const [index, { policy }] of windows.entries()) {
      const [w, t] = String(policy).endsWith('day') ? [90_000, 34_800] : [2_682_000, 553_200];
      expect([windows[index], standings[index]]).toMatchObject([{ w }, { t }]);
    }

    const [binding, standing] = [Object(windows[0]), Object(standings[0])];
    expect(item('x-ratelimit-limit')).toBe(binding.q);
    expect(item('x-ratelimit-remaining')).toBe(standing.r);
    expect(item('x-ratelimit-reset')).toBe(Date.parse('2026-10-25T13:20:00Z') / 1000 + standing.t);
    expect(Number.isInteger(item('x-ratelimit-used'))).toBe(true);
    expect(item('x-ratelimit-resource')).toEqual(new Token(binding.policy));
    expect(headers.get('retry-after')).toBe(wait ?? undefined);
    if (wait !== null) expect(item('retry-after')).toBe(Number(wait));

    const exposed = list('access-control-expose-headers').map(([header]) =>
      String(header).toLowerCase(),
    );
    const sent = [...headers.keys()].filter((header) => /ratelimit|retry-after/.test(header));
    expect(exposed).toEqual(expect.arrayContaining(sent));
    if (name === 'allowed') return;
    expect(item('content-type')).toEqual(new Token('application/problem+json'));
    expect(item('cache-control')).toEqual(new Token('no-store'));
  });
});

test.each([
  ['2026-02-10T12:00:00Z', 28 * 86_400],
  ['2028-02-10T12:00:00Z', 29 * 86_400],
  ['2026-03-10T12:00:00Z', 31 * 86_400 - 3600],
  ['2026-10-10T12:00:00Z', 31 * 86_400 + 3600],
  ['2026-11-10T12:00:00Z', 30 * 86_400],
])('the month of %s is %i seconds long, on its first and its last day', async (now, length) => {
  const { manager, limit, clock } = await openAmsterdam(now);
  await limit({ monthly: 100 });
  const [host] = guardedHosts;
  if (!host) expect.fail('no host');
  const port = await host.listen({ manager, guards: [{ identify: () => founder }] });
  const start = Date.parse(`${now.slice(0, 8)}02T00:00:00Z`);
  for (const instant of [start, Date.parse(now), start + 26 * 86_400_000]) {
    clock.set(instant);
    const { headers } = await askRaw(port, 'GET /search HTTP/1.1');
    const [, value = ''] = headers.find(([name]) => name === 'RateLimit-Policy') ?? [];
    expect(parseList(value)[0]?.[1].get('w')).toBe(length);
  }
});
