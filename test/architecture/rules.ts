import type { Allowance } from './check-findings.ts';
import type { ImportRules } from './check-imports.ts';
import type { SizeLimits } from './check-sizes.ts';

const features = ['organizations', 'invitations', 'members', 'limits', 'usage', 'mail'];

// How options are read is the same everywhere.
const optionReaders = ['check-options', 'is-production', 'option-rules', 'own-fields'].map(
  (name) => `src/access/${name}.ts`,
);

/** Who may import whom. A file's own room is always allowed; what is not named here is not. */
export const importRules: ImportRules = {
  rooms: [
    { room: 'src/model', why: 'the words of the product depend on nothing' },
    { room: 'src/errors', why: 'everything throws these, so they know nobody' },
    { room: 'src/ports', types: ['src/model'], why: 'a port is a contract and has no code' },
    {
      room: 'src/system',
      may: ['src/errors'],
      types: ['src/ports'],
      why: 'what the runtime gives: time, chance, turns',
    },
    {
      room: 'src/signing',
      may: ['src/errors', 'src/system'],
      types: ['src/model', 'src/ports'],
      why: 'a link is made from the secret and the invitation, without a feature',
    },
    {
      room: 'src/emails',
      may: ['src/errors', 'src/model', 'src/access/own-fields.ts', 'src/system/has-own.ts'],
      why: 'what an address is does not depend on who is invited',
    },
    {
      room: 'src/phones',
      may: ['src/errors', 'src/model'],
      why: 'what a phone number is does not depend on who is invited',
    },
    {
      room: 'src/csv',
      may: ['src/errors', 'src/emails', 'src/phones', 'src/access/own-fields.ts'],
      types: ['src/model'],
      why: 'a file becomes what a call takes, and a list a file; neither needs the manager',
    },
    { room: 'src/events', types: ['src/model'], why: 'events name what happened, not who reacts' },
    {
      room: 'src/access',
      may: ['src/model', 'src/errors', 'src/emails', 'src/phones', 'src/system/has-own.ts'],
      types: ['src/ports', 'src/signing', 'src/context.ts'],
      why: 'it lets a call in before any feature runs',
    },
    {
      room: 'src/counters',
      may: ['src/errors', 'src/system'],
      types: ['src/model', 'src/ports', 'src/transactions'],
      why: 'what stands between the features and a store of counters, and knows neither',
    },
    {
      room: 'src/context.ts',
      types: [
        'src/counters',
        'src/ports',
        'src/events',
        'src/limits',
        'src/signing',
        'src/options.ts',
        'src/transactions',
      ],
      why: 'it only names what every feature is given',
    },
    {
      room: 'src/create-context.ts',
      may: [
        'src/counters',
        'src/events',
        'src/limits',
        'src/signing',
        'src/system',
        'src/options.ts',
        'src/transactions',
      ],
      types: ['src/context.ts', 'src/ports'],
      why: 'it wires the context and calls no feature',
    },
    {
      room: 'src/transactions',
      may: ['src/counters', 'src/errors', 'src/system'],
      types: ['src/model', 'src/ports', 'src/events', 'src/context.ts'],
      why: 'features run inside it: deadlines, commits, and whose transaction it is',
    },
    {
      room: 'src/options.ts',
      may: ['src/errors', 'src/access', 'src/system'],
      types: ['src/model', 'src/ports'],
      why: 'options are parsed before there is anything to call',
    },
    ...features.map((feature) => ({
      room: `src/${feature}`,
      may: [
        'src/model',
        'src/errors',
        'src/access',
        'src/emails',
        'src/phones',
        'src/signing',
        'src/system',
        'src/transactions',
        'src/options.ts',
      ],
      types: ['src/ports', 'src/context.ts'],
      why: 'features do not know each other, HTTP or adapters; the class composes them',
    })),
    {
      room: 'src/support',
      may: [
        'src/model',
        'src/errors',
        'src/access',
        'src/system',
        'src/options.ts',
        'src/transactions',
      ],
      types: ['src/ports'],
      why: 'support works on a storage, without the manager, so that nothing leads from one to the other',
    },
    {
      room: 'src/testing',
      may: ['src/model', 'src/errors', 'src/index.ts', 'src/access/own-fields.ts'],
      types: ['src/ports'],
      why: 'the kit tests adapters of others through the ports, with the test runner of others',
    },
    {
      room: 'src/features.ts',
      may: features.map((feature) => `src/${feature}`),
      why: 'it is the list of what is loaded together, at the first call',
    },
    ...['load-features', 'load-features-with-bundle'].map((name) => ({
      room: `src/${name}.ts`,
      may: ['src/features.ts'],
      why: 'it says when the features are loaded; package.json chooses between the two',
    })),
    {
      room: 'src/org-user-operations.ts',
      may: features.map((feature) => `src/${feature}`),
      types: ['src/model', 'src/ports', 'src/context.ts'],
      why: 'the calls compose the features and decide nothing themselves',
    },
    {
      room: 'src/org-user-manager.ts',
      may: [
        'src/org-user-operations.ts',
        'src/create-context.ts',
        'src/mail',
        'src/transactions',
        'src/usage',
      ],
      types: ['src/events', 'src/context.ts', 'src/options.ts'],
      why: 'the façade adds a life of its own to the calls: start, events, mail, end',
    },
    {
      room: 'src/index.ts',
      may: ['src/org-user-manager.ts', 'src/errors', 'src/model', 'src/system/require-node.ts'],
      types: [
        'src/org-user-operations.ts',
        ...features.map((feature) => `src/${feature}`),
        'src/phones',
        'src/ports',
        'src/events',
        'src/options.ts',
      ],
      why: 'the root shows the class, its errors and types; HTTP and support have doors of their own',
    },
    {
      room: 'src/http',
      may: ['src/errors', 'src/access', 'src/system', 'src/model/to-decision.ts', 'src/options.ts'],
      types: ['src/model', 'src/ports', 'src/org-user-manager.ts'],
      why: 'HTTP calls the façade, never a feature, so that both have the same rules',
    },
    {
      room: 'adapters/http/node-bridge',
      may: ['src/index.ts'],
      why: 'the bridge knows Node and fetch, and no framework',
    },
    ...['express', 'fastify'].map((framework) => ({
      room: `adapters/http/${framework}`,
      may: [
        'src/index.ts',
        'src/http/index.ts',
        'adapters/http/node-bridge',
        'src/access/own-fields.ts',
        'src/system/has-own.ts',
      ],
      why: 'a mount uses what any outsider can import, the one bridge and the readers of own properties',
    })),
    {
      room: 'adapters/mailer/inbox',
      may: ['src/index.ts', 'src/system/event-loop.ts', ...optionReaders],
      why: 'it keeps the process alive while a test waits for a mail',
    },
    ...['console', 'smtp'].map((mailer) => ({
      room: `adapters/mailer/${mailer}`,
      may: ['src/index.ts', ...optionReaders],
      why: 'an adapter uses what any outsider can import and the one reader of options, no other adapter',
    })),
    {
      room: 'adapters/sql',
      may: ['src/index.ts', 'src/system/connect-failure.ts', 'src/system/event-loop.ts'],
      why: 'what the SQL adapters know of the engines, and nothing of the tables',
    },
    {
      room: 'adapters/group-commit',
      may: ['src/index.ts', 'src/system'],
      why: 'calls that leave together, whatever they ask and whomever',
    },
    {
      room: 'adapters/rate-limit/leased',
      may: ['src/index.ts', 'src/system', ...optionReaders],
      why: 'it works in the background, in a context and with a clock of its own',
    },
    {
      room: 'adapters/rate-limit/memory',
      may: ['src/index.ts', ...optionReaders],
      why: 'an adapter uses what any outsider can import and the one reader of options, no other adapter',
    },
    {
      room: 'adapters/rate-limit/redis',
      may: [
        'src/index.ts',
        'src/system/connect-failure.ts',
        'adapters/group-commit',
        ...optionReaders,
      ],
      why: 'it tells a connection that was refused from an answer that was lost',
    },
    {
      room: 'adapters/rate-limit/sql',
      may: ['src/index.ts', 'adapters/sql', 'adapters/group-commit'],
      why: 'an adapter uses what any outsider can import, and no other adapter',
    },
    {
      room: 'adapters/storage/memory',
      may: ['src/index.ts', 'adapters/rate-limit/memory', ...optionReaders],
      why: 'an adapter uses what any outsider can import; a storage brings its own counters',
    },
    {
      room: 'adapters/storage/kysely',
      may: [
        'src/index.ts',
        'adapters/sql',
        'adapters/rate-limit/sql',
        'adapters/group-commit',
        ...optionReaders,
      ],
      why: 'an adapter uses what any outsider can import; a storage brings its own counters',
    },
    {
      room: 'adapters/storage/sqlite',
      may: ['src/index.ts', 'adapters/sql', 'adapters/storage/kysely', ...optionReaders],
      why: 'SQLite is the Kysely storage with a driver',
    },
    ...['demo', 'express', 'fastify'].map((example) => ({
      room: `examples/${example}`,
      why: 'an example imports the package by its name, as its readers will',
    })),
  ],
  exceptions: [
    {
      from: 'src/usage',
      to: 'src/limits',
      why: 'a charge counts in the windows that the limits are set for',
    },
    {
      from: 'src/members',
      to: 'src/limits',
      why: 'a member is shown with what is used of the limits',
    },
  ],
  packages: [
    {
      package: '#features',
      in: ['src/org-user-operations.ts'],
      as: 'value',
      why: 'package.json resolves it, for Node and for bundlers; only the calls need the features',
    },
    { package: 'zod/mini', in: ['src'], as: 'value', why: 'input is parsed in the core' },
    { package: 'mitt', in: ['src/events'], as: 'value', why: 'its types and limits stay hidden' },
    {
      package: 'email-validator',
      in: ['src/emails'],
      as: 'value',
      why: 'there is one answer to what an address is',
    },
    {
      package: 'papaparse',
      in: ['src/csv'],
      as: 'value',
      why: 'it is an optional peer; only the CSV entry point may need it',
    },
    {
      package: 'libphonenumber-js',
      in: ['src/phones'],
      as: 'dynamic',
      why: 'it is an optional peer of 13 MB, loaded when a phone number is parsed',
    },
    {
      package: 'kysely',
      in: [
        'adapters/sql',
        'adapters/storage/kysely',
        'adapters/storage/sqlite',
        'adapters/rate-limit/sql',
      ],
      as: 'value',
      why: 'it is an optional peer; only the SQL entry points may need it',
    },
    ...['better-sqlite3', 'node:sqlite'].map((driver) => ({
      package: driver,
      in: ['adapters/storage/sqlite'],
      as: 'dynamic' as const,
      why: 'whichever driver is there is loaded when the database is opened',
    })),
    {
      package: 'nodemailer',
      in: ['adapters/mailer/smtp'],
      as: 'dynamic',
      why: 'it is an optional peer, loaded at the first mail',
    },
    ...['express', 'fastify'].map((framework) => ({
      package: framework,
      in: [`adapters/http/${framework}`],
      as: 'type' as const,
      why: 'the host brings its framework; a second copy of it would be another framework',
    })),
    {
      package: 'node:crypto',
      in: ['src/signing', 'src/system'],
      as: 'value',
      why: 'keys and randomness have one place each',
    },
    {
      package: 'node:crypto',
      in: ['adapters/rate-limit/redis'],
      as: 'value',
      why: 'Redis names a script by its hash; an adapter reaches nothing of the core',
    },
    ...['node:assert/strict', 'node:timers/promises'].map((builtin) => ({
      package: builtin,
      in: ['src/testing'],
      as: 'value' as const,
      why: 'the testing kit judges and waits by itself',
    })),
    ...['node:http', 'node:stream'].map((builtin) => ({
      package: builtin,
      in: ['adapters/http'],
      as: 'value' as const,
      why: 'the core speaks Request and Response; only the bridge knows Node',
    })),
    ...[
      'org-user-manager',
      'express',
      'fastify',
      'node:fs',
      'node:http',
      'node:os',
      'node:path',
      'node:url',
    ].map((name) => ({
      package: name,
      in: ['examples'],
      as: 'value' as const,
      why: 'examples are ordinary hosts',
    })),
  ],
};

export const sizeLimits: SizeLimits = {
  medianLines: 90,
  p90Lines: 250,
  maxLines: 400,
  maxExports: 5,
  manyExports: {
    'src/ports/storage.ts': 'types only: the whole storage contract is read in one place',
    'src/model/usage-decision.ts': 'types only: one union and its cases',
    'src/model/charge-outcome.ts': 'types only: one union and its cases',
    'src/features.ts': 'a list of re-exports, loaded together',
    'src/access/input-schemas.ts': 'one schema per field that inputs share',
    'src/access/require-admin.ts': 'the questions about who is calling, each a few lines',
    'adapters/storage/kysely/rows.ts': 'one table, one pair of mappings',
    'adapters/storage/kysely/tables.ts': 'types only: one per table',
    'adapters/storage/memory/state.ts': 'the state, its journal, and how each is made',
  },
};

export const allowances: readonly Allowance[] = [
  {
    what: 'in',
    path: 'src/errors/org-user-manager-error.ts',
    why: 'the brand is a symbol, which no string from outside can name',
  },
  {
    what: 'in',
    path: 'src/http/tell-denial.ts',
    why: 'what can be iterated inherits that it can; finding one more refuses the answer',
  },
  {
    what: 'in',
    path: 'adapters/rate-limit/redis/commands.ts',
    why: 'a client of Redis inherits its methods from its class; a wrong guess fails the call',
  },
  { what: 'Date.now', path: 'src/system/system-clock.ts', why: 'it is the system clock' },
  { what: 'setTimeout', path: 'src/system/system-clock.ts', why: 'it is the system clock' },
  {
    what: 'setTimeout',
    path: 'src/system/event-loop.ts',
    why: 'it ends a turn of the event loop where there are no message ports of Node',
  },
  {
    what: 'Date.now',
    path: 'adapters/mailer/inbox/options.ts',
    why: 'the default of an option; a mailer is made before the manager has a clock',
  },
  ...['fault-plan', 'outbox-cases', 'transaction-cases'].map((name) => ({
    what: 'setTimeout',
    path: `src/testing/${name}.ts`,
    why: 'the kit lets real storages run on for a moment; it serves tests only',
  })),
  {
    what: 'process.env',
    path: 'src/access/is-production.ts',
    why: 'in production links travel encrypted, and mailers that show links refuse to run unasked',
  },
];

/** Names of members that mean the same everywhere and need no docstring in each type. */
export const vocabulary: Readonly<Record<string, string>> = {
  orgId: "the host's id of an organization",
  userId: "the host's id of a person",
  invitationId: 'the id of an invitation, as the views show it',
};

/** Everything at the top level of the repository. */
export const topLevel: readonly string[] = [
  'src',
  'adapters',
  'examples',
  'test',
  '.changeset',
  '.ci',
  '.gitignore',
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'GUARANTEES.md',
  'CHANGELOG.md',
  'LICENSE',
  'THIRD-PARTY-NOTICES.md',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'tsup.config.ts',
  'vitest.config.ts',
  'biome.json',
  'knip.config.ts',
];
