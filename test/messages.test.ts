/** What people and logs get to read is never empty. */
import { readFileSync } from 'node:fs';
import { isOrgUserManagerError, OrgUserManager, OrgUserManagerError } from 'org-user-manager';
import { consoleMailer } from 'org-user-manager/console-mailer';
import { createHandler, createUsageGuard, type Identity } from 'org-user-manager/http';
import { inboxMailer } from 'org-user-manager/inbox-mailer';
import { kyselyStorage } from 'org-user-manager/kysely';
import { leasedRateLimitStore } from 'org-user-manager/leased';
import { memoryStorage } from 'org-user-manager/memory';
import { redisRateLimitStore } from 'org-user-manager/redis';
import { smtpMailer } from 'org-user-manager/smtp-mailer';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { describe, expect, test } from 'vitest';
import { type ErrorCode, errorCatalog } from '../src/errors/catalog.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';
import { adminIdentity, fetchDoor, person } from './http/doors.ts';

const words = ['title', 'detail', 'message', 'text', 'advice'];

// The schema library says "Invalid input", and the parser "is not valid", where a message is absent or empty.
const isSaid = (name: string, text: unknown) =>
  typeof text === 'string' &&
  text.trim() !== '' &&
  (name !== 'message' || !/^(?:Invalid input|is not valid$)/.test(text));

/** The paths of all texts for people in a value, and those that are empty. */
function textsIn(value: unknown, path = ''): { readonly all: string[]; readonly empty: string[] } {
  const all: string[] = [];
  const empty: string[] = [];
  for (const [name, member] of Object.entries(Object(value))) {
    const place = `${path}.${name}`;
    if (words.includes(name)) {
      all.push(place);
      if (!isSaid(name, member)) empty.push(place);
    } else if (typeof member === 'object') {
      const inner = textsIn(member, place);
      all.push(...inner.all);
      empty.push(...inner.empty);
    }
  }
  return { all, empty };
}

function expectTexts(value: unknown, about: unknown): void {
  const { all, empty } = textsIn(value);
  expect([about, empty]).toEqual([about, []]);
  expect([about, all.length > 0]).toEqual([about, true]);
}

test('every code has a title, an advice and a message', () => {
  const codes = Object.keys(errorCatalog).filter((code): code is ErrorCode => code in errorCatalog);
  expect(codes.length).toBeGreaterThan(30);
  for (const code of codes) {
    expectTexts(errorCatalog[code], code);
    expect(new OrgUserManagerError(code, Object({})).message).not.toBe('');
  }
});

describe('every refusal of the guard has a title, and a detail if it names one', () => {
  const { orgId: _, ...homeless } = person('u_x');
  const limit = (daily: number) => (manager: OrgUserManager) =>
    manager.setLimit({ orgId, actor: admin, ...admin, daily });
  const leave = async () => undefined;

  test.each<[string, number, Identity | null, (manager: OrgUserManager) => Promise<unknown>]>([
    ['not_signed_in', 1, null, leave],
    ['not_a_member', 1, homeless, leave],
    ['not_a_member', 1, person('u_x'), leave],
    ['member_disabled', 1, person('u_gone'), leave],
    ['invalid_input', 0, adminIdentity, leave],
    ['usage_limit_exceeded', 1, adminIdentity, limit(0)],
    ['usage_limit_exceeded', 2, adminIdentity, limit(1)],
    ['unavailable', 7, adminIdentity, leave],
  ])('%s at a cost of %i', async (...[code, cost, identity, prepare]) => {
    const { manager, storage, join } = await createTeam(memoryStorage());
    await join('u_gone');
    await manager.disable({ orgId, actor: admin, userId: 'u_gone' });
    await prepare(manager);
    if (cost === 7) storage.rateLimits.consume = () => Promise.reject(new Error('down'));
    const guard = createUsageGuard(manager, { identify: () => identity, cost: () => cost });
    const verdict = await guard(new Request('https://app.acme.example.com/'));
    if (verdict.allowed) expect.fail('allowed');
    const body = JSON.parse(verdict.body ?? '');
    expect(body.code).toBe(code);
    expectTexts(body, code);
    const explained = ['member_disabled', 'usage_limit_exceeded', 'unavailable'];
    expect(typeof body.detail).toBe(explained.includes(code) ? 'string' : 'undefined');
  });
});

// Wrong somewhere, whatever is asked for.
const oddValues = [
  7,
  -1,
  1.5,
  '',
  'x',
  '\u0000',
  true,
  null,
  [],
  [7],
  {},
  { x: 1 },
  'x'.repeat(300),
];
const long = Array.from({ length: 10_001 }, () => 'x');

/** Every way to put an odd value in the place of one part of a sample. */
function* spoil(sample: object): Generator<object> {
  for (const [name, part] of Object.entries(sample)) {
    for (const odd of [...oddValues, long]) yield { ...sample, [name]: odd };
    if (typeof part !== 'object' || part === null) continue;
    for (const spoiled of spoil(part)) {
      yield { ...sample, [name]: Array.isArray(part) ? Object.values(spoiled) : spoiled };
    }
  }
  yield { ...sample, unknown: 1 };
}

describe('what a route says of a wrong input is never empty', () => {
  const rows = [
    ...readFileSync('src/http/README.md', 'utf8').matchAll(
      /^\| `(GET|POST) (\/api\/[^?`]*)(?:\?([^`]*))?` \| (.*?) \|/gm,
    ),
  ];
  const samples: Readonly<Record<string, unknown>> = {
    addresses: ['a@acme.example.com'],
    limit: { daily: 1, monthly: 1 },
    allocation: { daily: 1, monthly: 1 },
    perAddress: { 'a@acme.example.com': { role: 'member', limit: { daily: 1 }, name: 'A' } },
    phones: { defaultCountry: 'NL' },
    allowedDomains: ['acme.example.com'],
    email: 'a@acme.example.com',
    token: 'x',
  };

  /** Every query, or every body, that is wrong somewhere. */
  function attemptsOf(method: string, query: string, takes: string) {
    if (method === 'GET') return ['unknown', ...query.split('&')].flatMap(oddQueries);
    const fields = [...takes.matchAll(/`(\w+)\??`/g)].map(([, name = '']) => name);
    const sample = Object.fromEntries(fields.map((name) => [name, samples[name] ?? 'x']));
    return [...spoil(sample)].map((body) => ({ search: '', body }));
  }

  const oddQueries = (name: string) =>
    ['', 'x', '0', '-1', '%00', 'x'.repeat(300), `x&${name}=y`].map((value) => ({
      search: `?${name}=${value}`,
    }));

  test.each(rows.map(([, ...row]) => row))('%s %s %s %s', async (...row) => {
    const [method = '', path = '', query = '', takes = ''] = row;
    const { manager } = await createTeam(memoryStorage());
    const send = await fetchDoor.open(manager);
    const target = `/org${path.replace(/:\w+/, 'u_admin')}`;
    const problems: unknown[] = [];
    for (const { search, ...message } of attemptsOf(method, query, takes)) {
      const answer = await send(method, target + search, message);
      if (answer.status >= 400) problems.push(answer.body);
    }
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expectTexts(problem, problem);
  });
});

describe('what a call says of a wrong input is never empty', () => {
  const call = { orgId, actor: admin };
  const account = { userId: 'u_x', email: 'x@acme.example.com', emailVerified: true, name: 'X' };
  const limit = { daily: 1, monthly: 1 };
  const terms = { role: 'member', limit, name: 'A', phone: '+14155550123' };
  const calls: readonly (readonly [keyof OrgUserManager, object])[] = [
    [
      'createOrganization',
      { orgId: 'o', name: 'O', timeZone: 'UTC', admin: account, memberLimit: 5, allocation: limit },
    ],
    ['organization', call],
    [
      'setInvitePolicy',
      { ...call, allowedDomains: ['a.example'], blockedDomains: [], role: 'member', limit },
    ],
    ['setAllocation', { ...call, ...limit }],
    ['previewAllocation', { ...call, ...limit }],
    ['setTimeZone', { ...call, timeZone: 'UTC' }],
    ['invite', { ...call, email: 'a@acme.example.com', ...terms }],
    [
      'inviteMany',
      {
        ...call,
        addresses: ['a@acme.example.com'],
        perAddress: { 'a@acme.example.com': terms },
        role: 'member',
        limit,
        idempotencyKey: 'k',
      },
    ],
    ['bulkExtract', { ...call, text: 'a@acme.example.com', phones: { defaultCountry: 'NL' } }],
    ['resend', { ...call, invitationId: 'i', rotate: true, role: 'member' }],
    ['revoke', { ...call, invitationId: 'i' }],
    ['previewInvitation', { token: 't' }],
    ['accept', { token: 't', account }],
    ['decline', { token: 't', account }],
    [
      'listInvitations',
      {
        ...call,
        status: 'all',
        search: 'a',
        role: 'all',
        sort: 'created',
        order: 'asc',
        limit: 1,
        cursor: 'c',
        exactTotal: true,
      },
    ],
    [
      'listMembers',
      {
        ...call,
        status: 'all',
        search: 'a',
        role: 'all',
        sort: 'joined',
        order: 'asc',
        limit: 1,
        cursor: 'c',
        exactTotal: true,
      },
    ],
    ['member', { ...call, userId: 'u_admin' }],
    ['setLimit', { ...call, userId: 'u_admin', ...limit }],
    ['previewLimit', { ...call, userId: 'u_admin', ...limit }],
    ['promote', { ...call, userId: 'u_admin' }],
    ['usage', { ...call, userId: 'u_admin' }],
    ['usageHistory', { ...call, userId: 'u_admin', from: '2026-01-01', to: '2026-01-02' }],
    ['usageHealth', call],
    ['consume', { orgId, userId: 'u_admin', activity: 'search', cost: 1, idempotencyKey: 'k' }],
    [
      'record',
      {
        orgId,
        userId: 'u_admin',
        activity: 'search',
        units: 1,
        at: new Date(0),
        idempotencyKey: 'k',
      },
    ],
    ['reserve', { orgId, userId: 'u_admin', activity: 'search', estimate: 1 }],
  ];

  test.each(calls)('%s', async (name, sample) => {
    const { manager } = await createTeam(memoryStorage());
    const failures: unknown[] = [];
    for (const input of spoil(sample)) {
      try {
        await Reflect.apply(Object(manager[name]), manager, [input]);
      } catch (error) {
        failures.push(error);
      }
    }
    const refused = failures.filter((error) => isOrgUserManagerError(error, 'invalid_input'));
    expect(refused.length).toBeGreaterThan(0);
    for (const { details } of refused) expectTexts(details, details);
  });

  test('options', () => {
    const options = [
      'storage',
      'mailer',
      'secret',
      'baseUrl',
      'rateLimitStore',
      'onStoreError',
      'rateLimitDeadlineMs',
      'activities',
      'usageThresholdPercents',
      'contact',
      'storageDeadlineMs',
      'inviteTtlMs',
      'resendCooldownMs',
      'pendingInvitationLimit',
      'bulkAddressLimit',
      'bulkTextLimit',
      'tlds',
      'onError',
      'clock',
      'random',
      'unknown',
    ];
    const odd = Object.fromEntries(options.map((name) => [name, Symbol(name)]));
    const failed = fails(() => new OrgUserManager(Object(odd)));
    expect(failed.details.issues.map(({ path }) => path)).toEqual(expect.arrayContaining(options));
    expectTexts(failed.details, failed.details);
  });

  test('options of the handler and the guard', async () => {
    const { manager } = await createTeam(memoryStorage());
    const options = [
      'identify',
      'activity',
      'cost',
      'chargeOn',
      'skip',
      'onDenied',
      'headers',
      'legacyHeaders',
      'exposeHeaders',
      'unit',
      'retryJitterSeconds',
      'retryableWaitMs',
      'problemTypeBase',
      'unknown',
    ];
    const odd = Object.fromEntries(options.map((name) => [name, Symbol(name)]));
    const guard = fails(() => createUsageGuard(manager, Object(odd)));
    expect(guard.details.issues.map(({ path }) => path)).toEqual(expect.arrayContaining(options));
    for (const { details } of [guard, fails(() => createHandler(manager, Object({})))]) {
      expectTexts(details, details);
    }
  });
});

describe('what a store or a mailer says of a wrong option is never empty', () => {
  test.each<[string, (options: never) => unknown, readonly string[]]>([
    ['consoleMailer', consoleMailer, ['print']],
    ['inboxMailer', inboxMailer, ['capacity', 'now', 'allowInProduction']],
    ['kyselyStorage', (given) => kyselyStorage(given, given), ['schema', 'tablePrefix']],
    [
      'leasedRateLimitStore',
      (given) => leasedRateLimitStore(memoryStorage().rateLimits, given),
      ['portion', 'idleMs', 'refusalMs', 'clock'],
    ],
    ['memoryStorage', memoryStorage, ['now']],
    ['redisRateLimitStore', redisRateLimitStore, ['client', 'keyPrefix']],
    ['smtpMailer', smtpMailer, ['from', 'url', 'transport']],
    ['sqliteStorage', sqliteStorage, ['filename', 'driver']],
  ])('%s', (_, create, names) => {
    const odd = Object.fromEntries([...names, 'unknown'].map((name) => [name, Symbol(name)]));
    const { details } = fails(() => Reflect.apply(create, undefined, [odd]));
    expect(details.issues.map(({ path }) => path).sort()).toEqual(Object.keys(odd).sort());
    expectTexts(details, details);
  });
});

function fails(step: () => unknown) {
  try {
    step();
  } catch (error) {
    if (isOrgUserManagerError(error, 'invalid_options')) return error;
  }
  throw new Error('nothing was refused');
}
