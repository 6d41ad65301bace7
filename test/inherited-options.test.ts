/** The options of every door are own properties; see `inherited-properties.test.ts`. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import fastify from 'fastify';
import { Kysely, SqliteDialect } from 'kysely';
import {
  isOrgUserManagerError,
  type OnError,
  OrgUserManager,
  type OrgUserManagerOptions,
  type RateLimitStore,
} from 'org-user-manager';
import { consoleMailer } from 'org-user-manager/console-mailer';
import { membersCsv, type ReadInviteesOptions, readInviteesCsv } from 'org-user-manager/csv';
import { expressUsageGuard } from 'org-user-manager/express';
import { type ExtractOptions, extractEmails, judgeAddress } from 'org-user-manager/extract';
import { fastifyPlugin, fastifyUsageGuard } from 'org-user-manager/fastify';
import { createHandler, createUsageGuard, type UsageGuardOptions } from 'org-user-manager/http';
import { type InboxMailerOptions, inboxMailer } from 'org-user-manager/inbox-mailer';
import { type KyselyStorageOptions, kyselyStorage } from 'org-user-manager/kysely';
import { type LeaseOptions, leasedRateLimitStore } from 'org-user-manager/leased';
import { memoryStorage } from 'org-user-manager/memory';
import { redisRateLimitStore } from 'org-user-manager/redis';
import { smtpMailer } from 'org-user-manager/smtp-mailer';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { OrgUserSupport } from 'org-user-manager/support';
import { type FaultyStorageOptions, faultyStorage } from 'org-user-manager/testing';
import { afterEach, expect, test, vi } from 'vitest';
import type { OptionalKeys } from './fixtures/hostile-values.ts';
import { secret } from './fixtures/manager.ts';
import { polluted } from './fixtures/polluted.ts';
import { recordingMailer } from './fixtures/recording-mailer.ts';
import { dump, openRaw, sqliteFile } from './fixtures/sqlite-file.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';
import { mail } from './mailer-fixtures.ts';

afterEach(() => void vi.unstubAllEnvs());

/** Something that takes options. */
interface Door {
  /** Options that it takes, each with a value that a stranger would like. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Opens it with what is required and nothing else, and looks at what an application would see. */
  look(pollute: Pollute): unknown;
}

/** Runs the part of a look that reads options. */
type Pollute = <T>(work: () => T | Promise<T>) => Promise<T>;

type All<Options> = Readonly<Record<OptionalKeys<Options>, unknown>>;

const storage = memoryStorage();
const mailer = recordingMailer();
const baseUrl = 'https://app.acme.example.com/org';
const clock = { now: () => 0, schedule: () => () => undefined };
const calls: string[] = [];
const called = (name: string) => () => void calls.push(name);

const guard: All<UsageGuardOptions<unknown>> = {
  activity: 'export',
  cost: 3,
  chargeOn: 'success',
  skip: () => true,
  onDenied: () => ({ status: 200 }),
  headers: false,
  legacyHeaders: false,
  exposeHeaders: true,
  unit: 'credits',
  retryJitterSeconds: 5,
  retryableWaitMs: 1,
  problemTypeBase: 'https://evil.example.com/',
};

/** A guarded member with room for two units; each ask is one request. */
async function openGuarded() {
  const { manager } = await createTeam(memoryStorage());
  await manager.setLimit({ orgId, actor: admin, userId: admin.userId, daily: 2 });
  const identity = { ...admin, email: 'admin@acme.example.com', emailVerified: true, orgId };
  const used = async () => (await manager.usage({ orgId, actor: admin })).activities;
  return { manager, identify: () => identity, used };
}

async function threeTimes(ask: () => Promise<unknown>): Promise<readonly unknown[]> {
  return [await ask(), await ask(), await ask()];
}

// A new id each time.
const withoutInstance = (text: unknown) => String(text).replace(/urn:uuid:[\w-]+/, '');

/** The warnings of the default `onError`; an inherited one prints none. */
function warningOf(onError: OnError): unknown {
  const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  onError(new Error('lost'));
  const warnings = emitWarning.mock.calls;
  emitWarning.mockRestore();
  return warnings;
}

const plainStore: RateLimitStore = {
  consume: ({ windows }) => ({ allowed: true, used: windows.map(({ cost }) => cost) }),
  get: () => [],
};

const doors: Readonly<Record<string, Door>> = {
  OrgUserManager: {
    values: {
      rateLimitStore: plainStore,
      onStoreError: 'open',
      rateLimitDeadlineMs: 1,
      activities: ['evil'],
      usageThresholdPercents: [],
      contact: 'mallory',
      storageDeadlineMs: 1,
      inviteTtlMs: 1000,
      resendCooldownMs: 0,
      pendingInvitationLimit: null,
      bulkAddressLimit: 10_000,
      bulkTextLimit: 1,
      tlds: 'any',
      onError: called('onError'),
      clock,
      random: () => new Uint8Array(64),
      allowInsecureBaseUrl: true,
    } satisfies All<OrgUserManagerOptions>,
    look: (pollute) =>
      pollute(() => {
        const { onError, ...settings } = new OrgUserManager({ storage, mailer, secret, baseUrl })
          .settings;
        return { ...settings, onError: warningOf(onError) };
      }),
  },
  'OrgUserManager with counters of its own': {
    values: { onStoreError: 'open', boundedOpen: 7 },
    look: (pollute) =>
      pollute(() => {
        const options = { storage, mailer, secret, baseUrl, rateLimitStore: plainStore };
        return Reflect.construct(OrgUserManager, [{ ...options, onStoreError: {} }]);
      }),
  },
  'OrgUserManager in production': {
    values: { allowInsecureBaseUrl: true },
    look: (pollute) =>
      pollute(() => {
        vi.stubEnv('NODE_ENV', 'production');
        const options = { storage, mailer, secret, baseUrl: 'http://app.acme.example.com' };
        return new OrgUserManager(options).settings.baseUrl;
      }),
  },
  'OrgUserManager without options': {
    values: { storage, mailer, secret, baseUrl },
    look: (pollute) => pollute(() => Reflect.construct(OrgUserManager, [{}])),
  },
  OrgUserSupport: {
    values: { clock: { ...clock, now: called('now') }, random: called('random') },
    async look(pollute) {
      const team = await createTeam(memoryStorage());
      await team.join('u_1');
      await team.manager.disable({ orgId, actor: admin, userId: 'u_1' });
      const support = await pollute(() => new OrgUserSupport({ storage: team.storage }));
      await support.restore({ orgId, userId: 'u_1', operator: 'desk', reason: 'Ticket 7' });
    },
  },
  'OrgUserSupport without options': {
    values: { storage },
    look: (pollute) => pollute(() => String(Reflect.construct(OrgUserSupport, [{}]))),
  },
  createHandler: {
    values: { identify: () => null },
    async look(pollute) {
      const { manager } = await openGuarded();
      return pollute(() => String(Reflect.apply(createHandler, undefined, [manager, {}])));
    },
  },
  createUsageGuard: {
    values: guard,
    async look(pollute) {
      const { manager, identify, used } = await openGuarded();
      const verdicts = await pollute(() => {
        const guard = createUsageGuard(manager, { identify });
        return threeTimes(async () => withoutInstance(JSON.stringify(await guard(request))));
      });
      return { verdicts, used: await used() };
    },
  },
  'createUsageGuard without options': {
    values: { identify: () => null },
    async look(pollute) {
      const { manager } = await openGuarded();
      return pollute(() => String(Reflect.apply(createUsageGuard, undefined, [manager, {}])));
    },
  },
  expressUsageGuard: {
    values: guard,
    async look(pollute) {
      const { manager, identify, used } = await openGuarded();
      const answers = await pollute(() => {
        const guard = expressUsageGuard(manager, { identify });
        return threeTimes(async () => {
          const req = Object.assign(new IncomingMessage(new Socket()), { originalUrl: '/' });
          const res = new ServerResponse(req);
          let passed = false;
          await guard(req, res, () => {
            passed = true;
          });
          const listeners = res.listenerCount('close') + res.listenerCount('finish');
          return [passed, res.statusCode, res.getHeaderNames(), listeners];
        });
      });
      return { answers, used: await used() };
    },
  },
  fastifyUsageGuard: {
    values: guard,
    async look(pollute) {
      const { manager, identify, used } = await openGuarded();
      const preHandler = await pollute(() => fastifyUsageGuard(manager, { identify }));
      const app = fastify();
      app.get('/', { preHandler }, async () => 'fine');
      const answers = await threeTimes(async () => {
        const { statusCode, body, headers } = await app.inject('/');
        return [statusCode, withoutInstance(body), Object.keys(headers)];
      });
      await app.close();
      return { answers, used: await used() };
    },
  },
  fastifyPlugin: {
    values: { identify: () => null },
    async look(pollute) {
      const { manager } = await openGuarded();
      const app = fastify();
      const plugin = Reflect.apply(fastifyPlugin, undefined, [app, { manager }]);
      return pollute(() => plugin).finally(() => app.close());
    },
  },
  kyselyStorage: {
    values: { schema: 'evil', tablePrefix: 'evil_' } satisfies All<KyselyStorageOptions>,
    async look(pollute) {
      const filename = sqliteFile();
      const database = openRaw(filename);
      const { default: Database } = await import('better-sqlite3');
      const db = new Kysely<object>({
        dialect: new SqliteDialect({ database: new Database(filename) }),
      });
      const storage = await pollute(() => kyselyStorage(db));
      await storage.migrate();
      await db.destroy();
      return Object.keys(dump(database));
    },
  },
  sqliteStorage: {
    values: { driver: 'mysql', schema: 'evil', tablePrefix: 'evil_' },
    async look(pollute) {
      const filename = sqliteFile();
      const storage = await pollute(() => sqliteStorage({ filename }));
      await storage.migrate();
      await storage.close();
      return Object.keys(dump(openRaw(filename)));
    },
  },
  'sqliteStorage without options': {
    values: { filename: ':memory:' },
    look: (pollute) => pollute(() => Reflect.apply(sqliteStorage, undefined, [{}])),
  },
  memoryStorage: {
    values: { now: called('now') },
    async look(pollute) {
      const { manager } = await createTeam(await pollute(() => memoryStorage()));
      await manager.consume({ orgId, userId: admin.userId });
    },
  },
  redisRateLimitStore: {
    values: { keyPrefix: 'evil:' },
    async look(pollute) {
      const keys: unknown[] = [];
      const client = {
        evalSha: async () => [],
        eval: async () => [],
        async mGet(names: readonly string[]) {
          keys.push(...names);
          return [];
        },
      };
      const store: RateLimitStore = await pollute(() =>
        Reflect.apply(redisRateLimitStore, undefined, [{ client }]),
      );
      await store.get('acme', ['k']);
      return keys;
    },
  },
  'redisRateLimitStore without options': {
    values: { client: { evalSha: called, eval: called, mGet: called } },
    look: (pollute) =>
      pollute(() => Object.keys(Reflect.apply(redisRateLimitStore, undefined, [{}]))),
  },
  leasedRateLimitStore: {
    values: {
      portion: 10_000,
      idleMs: 600_000,
      refusalMs: 60_000,
      clock: { now: called('now'), schedule: called('schedule') },
    } satisfies All<LeaseOptions>,
    async look(pollute) {
      const costs: unknown[] = [];
      const counted: RateLimitStore = {
        ...plainStore,
        consume(request) {
          costs.push(request.windows);
          return plainStore.consume(request);
        },
      };
      const { manager } = await createTeam(memoryStorage(), {
        rateLimitStore: await pollute(() => leasedRateLimitStore(counted)),
        onStoreError: 'closed',
      });
      await manager.setLimit({ orgId, actor: admin, userId: admin.userId, daily: 100_000 });
      await manager.consume({ orgId, userId: admin.userId });
      return costs;
    },
  },
  consoleMailer: {
    values: { print: called('print') },
    async look(pollute) {
      const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
      try {
        await (await pollute(() => consoleMailer())).send(mail);
        return write.mock.calls.length;
      } finally {
        write.mockRestore();
      }
    },
  },
  inboxMailer: {
    values: {
      capacity: 1,
      now: () => 7,
      allowInProduction: true,
    } satisfies All<InboxMailerOptions>,
    async look(pollute) {
      const inbox = await pollute(() => inboxMailer());
      await inbox.send(mail);
      await inbox.send(mail);
      return inbox.messages().map(({ receivedAt }) => receivedAt === 7);
    },
  },
  'inboxMailer in production': {
    values: { allowInProduction: true },
    look: (pollute) =>
      pollute(() => {
        vi.stubEnv('NODE_ENV', 'production');
        return Object.keys(inboxMailer());
      }),
  },
  'inboxMailer and its waitFor': {
    values: { timeoutMs: 2 ** 30 },
    look: (pollute) =>
      pollute(() => {
        const timeout = vi.spyOn(AbortSignal, 'timeout');
        // It ends long after the test.
        inboxMailer()
          .waitFor({ to: mail.to })
          .catch(() => undefined);
        const waits = timeout.mock.calls.flat();
        timeout.mockRestore();
        return waits;
      }),
  },
  smtpMailer: {
    values: { transport: { sendMail: called('sendMail') }, url: 'smtp://evil.example.com' },
    look: (pollute) =>
      pollute(() => Object.keys(smtpMailer({ from: 'Acme <no-reply@acme.example.com>' }))),
  },
  'smtpMailer and its sender': {
    values: { name: 'Mallory', address: 'mallory@evil.example.com' },
    look: (pollute) =>
      pollute(async () => {
        const sent: unknown[] = [];
        const transport = { sendMail: async (mail: { from: unknown }) => sent.push(mail.from) };
        await smtpMailer({ from: 'no-reply@acme.example.com', transport }).send(mail);
        return JSON.stringify(sent);
      }),
  },
  extractEmails: {
    values: { tlds: 'any', maxLength: 1, maxAddresses: 1 } satisfies All<ExtractOptions>,
    look: (pollute) => pollute(() => extractEmails('a@acme.internal, b@acme.example.com')),
  },
  judgeAddress: {
    values: { tlds: 'any' },
    look: (pollute) => pollute(() => judgeAddress('a@acme.internal')),
  },
  readInviteesCsv: {
    values: {
      ...({ tlds: 'any', maxLength: 1, maxRows: 1 } satisfies All<ReadInviteesOptions>),
      role: 'admin',
      // papaparse copies what its options inherit, and ends with an error where that has no end.
      limit: Object.assign(Object.create(null), { daily: null }),
      name: 'Mallory',
      phone: '+14155550123',
    },
    look: (pollute) =>
      pollute(() => {
        const file = 'email\na@acme.internal\nb@acme.example.com\nc@acme.example.com';
        return JSON.stringify(readInviteesCsv(file));
      }),
  },
  membersCsv: {
    values: { bom: false },
    look: (pollute) => pollute(() => membersCsv([])),
  },
  faultyStorage: {
    values: {
      rate: 1,
      faults: ['error-before'],
      operations: ['transaction'],
    } satisfies All<FaultyStorageOptions>,
    async look(pollute) {
      const faulty = await pollute(() => faultyStorage(memoryStorage(), { seed: 1 }));
      const loads = Array.from({ length: 10 }, async () => faulty.load({ orgId }));
      return (await Promise.allSettled(loads)).map(({ status }) => status);
    },
  },
};

const request = new Request('https://app.acme.example.com/search');

/** What a look shows, or the error that it ends with. */
async function seen(door: Door, pollute: Pollute): Promise<unknown> {
  calls.length = 0;
  try {
    return { saw: await door.look(pollute), calls: [...calls] };
  } catch (error) {
    if (!isOrgUserManagerError(error)) throw error;
    return { code: error.code, details: error.details };
  }
}

test.each(Object.entries(doors))('%s reads no option that is inherited', async (_, door) => {
  const expected = await seen(door, async (work) => work());
  for (const [name, value] of Object.entries(door.values)) {
    for (const enumerable of [true, false]) {
      const field = { values: { [name]: value }, enumerable };
      const found = await seen(door, (work) => polluted(field, work));
      expect([name, enumerable, found]).toEqual([name, enumerable, expected]);
    }
  }
});
