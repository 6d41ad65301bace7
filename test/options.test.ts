import { createHash, randomUUID } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DummyDriver,
  Kysely,
  MssqlAdapter,
  MssqlIntrospector,
  MssqlQueryCompiler,
  PostgresDialect,
  SqliteDialect,
} from 'kysely';
import { isOrgUserManagerError, OrgUserManager } from 'org-user-manager';
import { consoleMailer } from 'org-user-manager/console-mailer';
import { inboxMailer } from 'org-user-manager/inbox-mailer';
import { kyselyStorage } from 'org-user-manager/kysely';
import { memoryStorage } from 'org-user-manager/memory';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { isSecret } from '../src/access/is-secret.ts';
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
        'https://app.acme.example.com//org',
        'https://app.acme.example.com/a//org',
        'https://app.acme.example.com/;x',
        'https://app.acme.example.com/org;v=1/x',
        'https://app.acme.example.com/./org',
        'https://app.acme.example.com/a/../org',
        'https://app.acme.example.com/%2e%2e/org',
        'https://app.acme.example.com/a%2Forg',
        'https://app.acme.example.com/a%5corg',
        'https://app.acme.example.com/%00',
        'https://app.acme.example.com/a%20b',
        'https://app.acme.example.com/a%zz',
        'https://robin@app.acme.example.com/org',
        'https://app.acme.example.com:99999/org',
        'https://[app.acme.example.com]/org',
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
    ['allowInsecureBaseUrl', [null, 'true', 1, {}]],
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
      { baseUrl: 'http://app.acme.example.com/org' },
      { baseUrl: 'https://app.acme.example.com/v1.2/~acme/the_org-1/caf%C3%A9' },
      { allowInsecureBaseUrl: false },
      { allowInsecureBaseUrl: true },
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

  test('a base URL is encrypted in production, unless it is this machine or allowed by name', () => {
    const insecure = { ...valid, baseUrl: 'http://app.acme.example.com/org' };
    vi.stubEnv('NODE_ENV', 'production');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { issues } = issuesOf(createManager, insecure);
    expect(issues).toEqual([{ path: 'baseUrl', message: expect.stringContaining('https://') }]);
    const hosts = ['localhost.example.com', '128.0.0.1', '127.example.com', 'xlocalhost', '[::2]'];
    for (const host of [...hosts, '10.0.0.1', '0.0.0.0']) {
      expect([host, pathsOf({ ...valid, baseUrl: `http://${host}/org` })]).toEqual([
        host,
        ['baseUrl'],
      ]);
    }
    for (const host of ['localhost', 'app.localhost', '127.0.0.1', '127.9.8.7', '[::1]']) {
      expect([host, pathsOf({ ...valid, baseUrl: `http://${host}:3000/org` })]).toEqual([host, []]);
    }
    expect(pathsOf(valid)).toEqual([]);
    expect(pathsOf({ ...insecure, allowInsecureBaseUrl: true })).toEqual([]);
    expect(pathsOf({ ...insecure, allowInsecureBaseUrl: false })).toEqual(['baseUrl']);
    vi.stubEnv('NODE_ENV', 'staging');
    expect(pathsOf(insecure)).toEqual([]);
  });

  test.each(['Production', ' production', 'PRODUCTION\t'])('NODE_ENV=%j is production', (value) => {
    vi.stubEnv('NODE_ENV', value);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(pathsOf({ ...valid, baseUrl: 'http://app.acme.example.com' })).toEqual(['baseUrl']);
    expect(issuesOf(consoleMailer, {}).issues).toMatchObject([{ path: 'print' }]);
    expect(issuesOf(inboxMailer, {}).issues).toMatchObject([{ path: 'allowInProduction' }]);
  });

  test.each([
    ['https://APP.example.com', 'https://app.example.com'],
    ['https://app.example.com:443/org/', 'https://app.example.com/org'],
    ['http://app.example.com:080', 'http://app.example.com'],
    ['https://bücher.example.com/org', 'https://xn--bcher-kva.example.com/org'],
    ['https://[2001:DB8::1]', 'https://[2001:db8::1]'],
    ['HTTPS://app.example.com', 'https://app.example.com'],
    [' https://app.example.com\n', 'https://app.example.com'],
    ['https://app.example.com/café', 'https://app.example.com/caf%C3%A9'],
    ['https://app.example.com/a/../org', 'https://app.example.com/org'],
  ])('a base URL %j is refused with its normal form, which is taken', (baseUrl, normal) => {
    const { issues } = issuesOf(createManager, { ...valid, baseUrl });
    expect(issues).toEqual([{ path: 'baseUrl', message: `must be written as ${normal}` }]);
    expect(pathsOf({ ...valid, baseUrl: normal })).toEqual([]);
  });

  test.each(['https://robin:Q7vL9xZp@APP.example.com', 'https://APP.example.com/?key=Q7vL9xZp'])(
    'a base URL %j has no normal form, and is not repeated',
    (baseUrl) => {
      const { issues, text } = issuesOf(createManager, { ...valid, baseUrl });
      expect(issues).toEqual([
        { path: 'baseUrl', message: expect.stringContaining('absolute http or https URL') },
      ]);
      expect(text).not.toContain('Q7vL9xZp');
    },
  );

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

  test('an option that a class inherits is absent', () => {
    class Given {
      readonly storage = valid.storage;
      readonly mailer = valid.mailer;
      readonly secret = secret;
      readonly baseUrl = valid.baseUrl;
      get contact() {
        return 'mallory';
      }
    }
    const { contact } = new OrgUserManager(new Given()).settings;
    expect(contact).toBe('Contact your organization administrator.');
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

describe('the secret of a manager', () => {
  const accepts = (value: unknown) => !pathsOf({ ...valid, secret: value }).includes('secret');

  test.each([
    'change-me-change-me-change-me-change-me',
    'Change_Me!Change_Me!Change_Me!Change_Me!',
    '0123456789012345678901234567890123456789',
    '0123456789abcdef0123456789abcdef',
    '9876543210987654321098765432109876543210',
    'abcdefghijklmnopqrstuvwxyz0123456789',
    'zyxwvutsrqponmlkjihgfedcba9876543210',
    'qwertyuiopasdfghjklzxcvbnm1234567890',
    '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.',
    'deadbeefdeadbeefdeadbeefdeadbeef',
    'aB3$aB3$aB3$aB3$aB3$aB3$aB3$aB3$aB3$',
    'abababababababcdcdcdcdcdcdefefefefef',
    'aabbccddeeffgghhaabbccddeeffgghh',
    '00000000000000000000000000000000',
    'correct horse battery staple correct horse',
    'keyboard cat keyboard cat keyboard cat',
    'password123password123password123',
    'an example, and no secret: 0123456789',
    'a-string-secret-at-least-256-bits-long',
    'your-secret-key-must-be-at-least-32-characters-long',
    'complex_password_at_least_32_characters_long',
    'please-change-this-to-a-random-string-of-32-chars',
    'Lorem ipsum dolor sit amet, lorem ipsum dolor',
    '<generate with openssl rand -base64 32>',
    'run `openssl rand -base64 32` to generate',
    '$(openssl rand -base64 32 | tr -d "\\n")',
    '$(cat /run/Q7vL9xZp2Rk4/T8wHn5Jy3Gm6Bd)',
    '{{ .Values.Q7vL9xZp2Rk4.T8wHn5Jy3Gm6Bd }}',
    `$${'{Q7vL9xZp2Rk4T8wHn5Jy3Gm6BdFcK4}'}`,
    'TODO: put a real secret in here before launch',
    'the quick brown fox jumps over the lazy dog',
    '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    '0102030405060708090a0b0c0d0e0f1011121314151617181920',
    'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
    '2b7e151628aed2a6abf7158809cf4f3c',
    'FIXME: set this in production before the launch',
    'ThisIsTheSecretForMyApplication2024!!',
    'postgres://app:Q7vL9xZp2Rk4@db.acme.example.com:5432/app',
    'https://app.acme.example.com/org/join#Q7vL9xZp2Rk4T8wHn5Jy3Gm6Bd',
    Buffer.from('1234567890'.repeat(4)).toString('base64'),
    Buffer.from('please put your own secret in here').toString('base64url'),
    ...['md5', 'sha1', 'sha256'].map((name) => createHash(name).digest('hex')),
    createHash('sha256').digest('base64'),
    ' '.repeat(40),
    '\u0000'.repeat(40),
    'äöüß'.repeat(10),
  ])('%j is refused, alone and in a list', (value) => {
    expect(accepts(value)).toBe(false);
    expect(accepts([secret, value])).toBe(false);
    expect(accepts([value, secret])).toBe(false);
  });

  const inBase32 = (bytes: Buffer) =>
    [...bytes]
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join('')
      .replace(
        /.{1,5}/g,
        (bits) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(bits, 2)] ?? '',
      );

  test.each<readonly [name: string, encode: (bytes: Buffer) => string]>([
    ['hex', (bytes) => bytes.toString('hex')],
    ['upper-case hex', (bytes) => bytes.toString('hex').toUpperCase()],
    ['hex of 16 bytes', (bytes) => bytes.toString('hex').slice(32)],
    ['base64', (bytes) => bytes.toString('base64')],
    ['base64url', (bytes) => bytes.toString('base64url')],
    ['base32', inBase32],
    ['base36', (bytes) => BigInt(`0x${bytes.toString('hex')}`).toString(36)],
    ['latin1', (bytes) => bytes.toString('latin1')],
    ['digits', (bytes) => BigInt(`0x${bytes.toString('hex')}`).toString()],
    ['two UUIDs', () => randomUUID() + randomUUID()],
  ])('random bytes as %s are taken, 1,000 of 1,000', (name, encode) => {
    // The same ones in each run: of 16 bytes in hex about 1 in 75,000 is refused.
    const bytesOf = (index: number) => createHash('sha256').update(`${name} ${index}`).digest();
    const secrets = Array.from({ length: 1000 }, (__, index) => encode(bytesOf(index)));
    expect(secrets.filter((value) => !isSecret(value))).toEqual([]);
    expect(secrets.slice(0, 10).every(accepts)).toBe(true);
  });

  test('six words that were drawn are taken', () => {
    expect(accepts('orbit-velvet-canyon-thimble-walnut-prism')).toBe(true);
    expect(accepts('lagoon pickle zephyr quartz mandarin glacier')).toBe(true);
  });

  test('a refusal says how to make one', () => {
    const { issues } = issuesOf(createManager, { ...valid, secret: 'x' });
    expect(issues[0]?.message).toContain('openssl rand -base64 32');
  });

  test('no guide shows a secret that is taken', () => {
    const guides = globSync(['*.md', '{src,adapters,examples}/**/*.{md,ts}'], {
      cwd: join(import.meta.dirname, '..'),
    });
    expect(guides.length).toBeGreaterThan(100);
    for (const guide of guides) {
      const text = readFileSync(join(import.meta.dirname, '..', guide), 'utf8');
      for (const [, value] of text.matchAll(/secret:\s*\[?\s*['"`]([^'"`]*)/g)) {
        expect([guide, value, accepts(value)]).toEqual([guide, value, false]);
      }
    }
  });
});

describe('the options of kyselyStorage', () => {
  const identifiers = ['a', 'A_1', '_', `${'b'.repeat(24)}`, 'oumx_'];
  const others = ['', 'a b', ' a', 'a ', '1a', 'a;', 'a"b', "a'b", 'a.b', 'a-b', 'ä', 'a\n'];
  const refused = [...others, 'b'.repeat(25), 7, null, {}, ['a']];
  const neverOpened = () => Promise.reject(new Error('never opened'));
  const db = new Kysely<object>({ dialect: new PostgresDialect({ pool: neverOpened }) });
  const issuesWith = (options: unknown) =>
    issuesOf((given) => kyselyStorage(db, given), options).issues;

  test.each(['schema', 'tablePrefix'])(
    '%s is a plain identifier, from its first to its last character',
    (name) => {
      for (const value of identifiers) {
        expect([value, issuesWith({ [name]: value })]).toEqual([value, []]);
      }
      for (const value of refused) {
        expect([value, issuesWith({ [name]: value })]).toEqual([
          value,
          [{ path: name, message: expect.stringContaining('plain identifier') }],
        ]);
      }
    },
  );

  test.each(['main', 'temp', 'attached'])('SQLite takes no schema, such as %s', (schema) => {
    const sqlite = new Kysely<object>({ dialect: new SqliteDialect({ database: neverOpened }) });
    const message = 'must be left out for SQLite: tables are in the file that is opened';
    expect(issuesOf((given) => kyselyStorage(sqlite, given), { schema }).issues).toEqual([
      { path: 'schema', message },
    ]);
  });

  test('a database of another kind is refused', () => {
    const sqlServer = new Kysely<object>({
      dialect: {
        createAdapter: () => new MssqlAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (own) => new MssqlIntrospector(own),
        createQueryCompiler: () => new MssqlQueryCompiler(),
      },
    });
    const message = 'must speak to SQLite, PostgreSQL, PGlite, MySQL or MariaDB';
    expect(issuesOf(() => kyselyStorage(sqlServer), {}).issues).toEqual([{ path: 'db', message }]);
  });

  test('a prefix does not go on from ours, and what is unknown is refused', () => {
    expect(issuesWith({ tablePrefix: 'oum_' })).toEqual([]);
    expect(issuesWith({ tablePrefix: 'oum_x' })).toHaveLength(1);
    expect(issuesWith({ tablPrefix: 'x' })).toEqual([
      { path: 'tablPrefix', message: 'is not known' },
    ]);
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
