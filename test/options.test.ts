import { existsSync } from 'node:fs';
import { isOrgUserManagerError, OrgUserManager } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { describe, expect, test } from 'vitest';
import { secret } from './fixtures/manager.ts';
import { recordingMailer } from './fixtures/recording-mailer.ts';
import { sqliteFile } from './fixtures/sqlite-file.ts';

const valid = {
  storage: memoryStorage(),
  mailer: recordingMailer(),
  secret,
  baseUrl: 'https://app.acme.example.com/org',
};

/** The issues that a constructor or function names about its options, and the whole error's text. */
function issuesOf(build: (options: never) => unknown, options: unknown) {
  try {
    Reflect.apply(build, undefined, [options]);
  } catch (error) {
    if (!isOrgUserManagerError(error, 'invalid_options')) throw error;
    return { issues: error.details.issues, text: `${error.stack}${JSON.stringify(error)}` };
  }
  return { issues: [], text: '' };
}

const createManager = (options: never) => Reflect.construct(OrgUserManager, [options]);
const pathsOf = (options: unknown) =>
  issuesOf(createManager, options).issues.map(({ path }) => path);

describe('the options of a manager', () => {
  test('four are enough, and the others have defaults', () => {
    const { storage, mailer, clock, random, rateLimitStore, contact, ...settings } =
      new OrgUserManager({ ...valid, baseUrl: 'https://app.acme.example.com/org//' }).settings;
    expect({ storage, mailer, rateLimitStore }).toEqual({
      storage: valid.storage,
      mailer: valid.mailer,
      rateLimitStore: valid.storage.rateLimits,
    });
    expect(contact).toBe('Contact your organization administrator.');
    expect(random(16)).toHaveLength(16);
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
    expect(settings).toEqual({
      baseUrl: 'https://app.acme.example.com/org',
      activities: ['request'],
      usageThresholdPercents: [80, 100],
      inviteTtlMs: 7 * 24 * 3_600_000,
      resendCooldownMs: 60_000,
      pendingInvitationLimit: 1000,
      bulkAddressLimit: 500,
      storageDeadlineMs: 2000,
      onStoreError: 'closed',
      rateLimitDeadlineMs: 250,
      bulkTextLimit: 262_144,
      tlds: 'iana',
      onError: expect.any(Function),
    });
  });

  test('whoever counts elsewhere says what happens when that fails', () => {
    const rateLimitStore = memoryStorage().rateLimits;
    expect(pathsOf({ ...valid, rateLimitStore })).toEqual(['onStoreError']);
    expect(pathsOf({ ...valid, rateLimitStore: valid.storage.rateLimits })).toEqual([]);
    expect(pathsOf({ ...valid, onStoreError: 'closed' })).toEqual([]);
    for (const onStoreError of ['closed', 'open', { boundedOpen: 5 }]) {
      expect(pathsOf({ ...valid, rateLimitStore, onStoreError })).toEqual([]);
    }
  });

  test.each([
    ['storage', [undefined, null, {}, 'app.sqlite', { transaction: 1 }]],
    ['mailer', [undefined, null, {}, { send: 'x' }]],
    [
      'secret',
      [undefined, null, '', 'short', secret.slice(1), 'a'.repeat(64), 'abcdefg'.repeat(9), [], 7],
    ],
    [
      'baseUrl',
      [
        undefined,
        '',
        '/org',
        'app.acme.example.com/org',
        '//app.acme.example.com',
        'ftp://app.acme.example.com',
        'javascript:alert(1)',
        'https://app.acme.example.com/org?x=1',
        'https://app.acme.example.com/org#x',
        7,
      ],
    ],
    ['rateLimitStore', [null, {}, { consume: () => undefined }]],
    [
      'onStoreError',
      [null, '', 'ajar', 1, {}, { boundedOpen: 0 }, { boundedOpen: 1.5 }, { boundedOpen: '1' }],
    ],
    ['onStoreError', ['open', { boundedOpen: 1 }, { boundedOpen: 1, open: true }]],
    ['rateLimitDeadlineMs', [null, 0, -1, 0.5, '250', 600_001]],
    [
      'activities',
      [null, [], 'search', [''], [1], ['a', 'a'], ['a b'], ['a/b'], ['1'], [`a${'b'.repeat(64)}`]],
    ],
    ['usageThresholdPercents', [null, 80, [0], [101], [0.5], ['80'], [80, 80], Array(11).fill(1)]],
    ['contact', [null, 7, {}]],
    ['inviteTtlMs', [null, 0, -1, 999, 1000.5, Number.NaN, '1000', 30 * 24 * 3_600_000 + 1]],
    ['resendCooldownMs', [null, -1, 0.5, Number.POSITIVE_INFINITY, 24 * 3_600_000 + 1]],
    ['pendingInvitationLimit', [0, -1, 1.5, '5', Number.POSITIVE_INFINITY]],
    ['bulkAddressLimit', [null, 0, 10_001, Number.NaN]],
    ['bulkTextLimit', [null, 0, 2 ** 30]],
    ['tlds', [null, 'none', [], ['Com'], ['.com'], [7], new Map(), { has: () => true }]],
    ['onError', [null, 'log']],
    ['clock', [null, {}, { now: () => 0 }]],
    ['random', [null, 4]],
  ])('%s is refused when it is wrong', (name, values) => {
    for (const value of values) {
      expect([value, pathsOf({ ...valid, [name]: value })[0]?.split('.')[0]]).toEqual([
        value,
        name,
      ]);
    }
  });

  test('values at the edge are taken', () => {
    const edges = [
      { secret: [secret, `${secret}x`] },
      { baseUrl: 'http://localhost:3000' },
      { activities: ['a', 'A', `a${'.'.repeat(63)}`] },
      { inviteTtlMs: 30 * 24 * 3_600_000 },
      { usageThresholdPercents: [] },
      { usageThresholdPercents: [1, 100] },
      { inviteTtlMs: 1000 },
      { resendCooldownMs: 0 },
      { pendingInvitationLimit: null },
      { bulkAddressLimit: 10_000 },
      { contact: '' },
      { contact: undefined },
    ];
    for (const edge of edges) expect(pathsOf({ ...valid, ...edge })).toEqual([]);
  });

  test('everything that is wrong is told at once, by its path and without its value', () => {
    const canary = 'hunter2-hunter2';
    const { issues, text } = issuesOf(createManager, {
      mailer: canary,
      secret: [secret, canary],
      baseUrl: `${canary}.example.com`,
      activities: ['fine', `${canary} `],
      inviteTtlMs: -123_454_321,
      tennants: canary,
      storrage: valid.storage,
    });
    expect(issues.map(({ path }) => path).sort()).toEqual([
      'activities',
      'baseUrl',
      'inviteTtlMs',
      'mailer',
      'secret',
      'storage',
      'storrage',
      'tennants',
    ]);
    expect(issues.every(({ message }) => /^(must|is not) /.test(message))).toBe(true);
    for (const value of [canary, secret, '123454321']) expect(text.includes(value)).toBe(false);
  });

  test('no options at all are told like wrong ones', () => {
    for (const options of [undefined, null, 7, []]) {
      expect(issuesOf(createManager, options).issues.length).toBeGreaterThan(0);
    }
  });

  test('nothing is opened, called or started', async () => {
    const filename = sqliteFile();
    const calls: string[] = [];
    const spy = (name: string) => () => {
      calls.push(name);
      return Promise.resolve();
    };
    const mailer = { send: spy('send'), close: spy('close') };
    const clock = { now: () => 0, schedule: () => spy('schedule') };
    const manager = new OrgUserManager({
      ...valid,
      storage: sqliteStorage({ filename }),
      mailer,
      clock,
    });
    manager.on('mail.sent', spy('event'));
    expect(existsSync(filename)).toBe(false);
    expect(calls).toEqual([]);
    await manager.close();
    expect(existsSync(filename)).toBe(false);
    expect(calls).toEqual(['close']);
  });

  test('later changes to the given lists change nothing', () => {
    const activities = ['search'];
    const { settings } = new OrgUserManager({ ...valid, activities });
    activities.push('export');
    expect(settings.activities).toEqual(['search']);
    expect(Object.isFrozen(settings.activities)).toBe(true);
  });
});

describe('the options of sqliteStorage', () => {
  test.each([
    [{}, ['filename']],
    [{ filename: '' }, ['filename']],
    [{ filename: 7 }, ['filename']],
    [{ filename: 'x.sqlite', driver: 'sqlite3' }, ['driver']],
    [{ file: 'x.sqlite', driver: null }, ['file', 'filename', 'driver']],
    [{ filename: 'x.sqlite', driver: undefined }, []],
  ])('%j', (options, paths) => {
    expect(issuesOf(sqliteStorage, options).issues.map(({ path }) => path)).toEqual(paths);
  });

  test('a file that cannot be opened is an error of the first call', async () => {
    for (const driver of ['better-sqlite3', 'node:sqlite'] as const) {
      const storage = sqliteStorage({ filename: `${sqliteFile()}/not/there`, driver });
      await expect(storage.migrate()).rejects.toThrow();
      await storage.close();
    }
  });
});
