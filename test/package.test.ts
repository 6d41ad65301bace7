/** The package as its users get it: packed, installed in an empty folder, imported, type-checked. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { install, type Packed, pack, root } from './package/pack.ts';
import { run, runOk } from './package/run.ts';

const require = createRequire(import.meta.url);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const specifiers = Object.keys(manifest.exports)
  .filter((subpath) => subpath !== './package.json')
  .map((subpath) => `org-user-manager${subpath.slice(1)}`);

/** Entry points that cannot even be imported without an optional peer. */
const needsPeer: Readonly<Record<string, string>> = {
  'org-user-manager/csv': 'papaparse',
  'org-user-manager/kysely': 'kysely',
  'org-user-manager/sqlite': 'kysely',
};

let folder: string;
let packed: Packed;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'org-user-manager-package-')));
  await mkdir(join(folder, 'bare'));
  await mkdir(join(folder, 'with-peers'));
  packed = await pack(folder);
  for (const consumer of ['bare', 'with-peers']) {
    await writeFile(join(folder, consumer, 'package.json'), '{ "private": true }');
  }
  await install(join(folder, 'bare'), [packed.tarball]);
  const peers = ['kysely', 'papaparse'].map((peer) => `${peer}@${manifest.peerDependencies[peer]}`);
  await install(join(folder, 'with-peers'), [packed.tarball, ...peers]);
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a script in a consumer's folder and reads the JSON that it prints. */
async function ask(consumer: 'bare' | 'with-peers', name: string, script: string) {
  const cwd = join(folder, consumer);
  await writeFile(join(cwd, name), script);
  const { stdout, stderr } = await runOk(process.execPath, [name], { cwd });
  return { answer: JSON.parse(stdout), stderr };
}

const imports = (names: readonly string[]) => `
  const failures = {};
  for (const name of ${JSON.stringify(names)}) {
    try { await import(name); } catch (error) { failures[name] = error.message; }
  }
  console.log(JSON.stringify(failures));`;

const requires = (names: readonly string[]) => `
  const failures = {};
  for (const name of ${JSON.stringify(names)}) {
    try { require(name); } catch (error) { failures[name] = error.message; }
  }
  console.log(JSON.stringify(failures));`;

test('alone it is a small install: few packages, little on disk', async () => {
  const modules = join(folder, 'bare/node_modules');
  const lock = JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8'));
  expect(Object.keys(lock.packages).length).toBeLessThanOrEqual(5);
  const files = await readdir(modules, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => stat(join(file.parentPath, file.name))),
  );
  const megabytes = sizes.reduce((sum, { size }) => sum + size, 0) / 1e6;
  console.log(`Installed: ${Object.keys(lock.packages).join(', ')}: ${megabytes.toFixed(1)} MB`);
  expect(megabytes).toBeLessThan(8);
});

test('without optional peers every entry point loads by import and require, or names its peer', async () => {
  const expected = Object.fromEntries(
    Object.entries(needsPeer).map(([name, peer]) => [name, expect.stringContaining(peer)]),
  );
  const imported = await ask('bare', 'import.mjs', imports(specifiers));
  expect(imported).toEqual({ answer: expected, stderr: '' });
  const required = await ask('bare', 'require.cjs', requires(specifiers));
  expect(required).toEqual({ answer: expected, stderr: '' });
});

test('with kysely and papaparse everything loads, and SQLite runs on what Node brings', async () => {
  const imported = await ask('with-peers', 'import.mjs', imports(specifiers));
  expect(imported).toEqual({ answer: {}, stderr: '' });
  const required = await ask('with-peers', 'require.cjs', requires(specifiers));
  expect(required).toEqual({ answer: {}, stderr: '' });
  const { answer } = await ask(
    'with-peers',
    'sqlite.mjs',
    `import { OrgUserManager } from 'org-user-manager';
     import { consoleMailer } from 'org-user-manager/console-mailer';
     import { sqliteStorage } from 'org-user-manager/sqlite';
     const manager = new OrgUserManager({
       storage: sqliteStorage({ filename: ':memory:' }),
       mailer: consoleMailer(),
       secret: 'k9Qz3vTn7RbYw2Lx8Hc5Jd1Mf6Sg4Pa0',
       baseUrl: 'https://app.example.com/org',
     });
     await manager.migrate();
     await manager.createOrganization({
       orgId: 'acme',
       name: 'Acme',
       admin: { userId: 'robin', email: 'robin@acme.example.com' },
     });
     const { items } = await manager.listMembers({ orgId: 'acme', actor: { userId: 'robin' } });
     await manager.close();
     console.log(JSON.stringify(items.map(({ userId, role }) => ({ userId, role }))));`,
  );
  expect(answer).toEqual([{ userId: 'robin', role: 'admin' }]);
});

/** Entry points that run on any Node, and in browsers as far as their peers do. */
const runsAnywhere = ['extract', 'csv', 'http', 'support', 'testing'].map(
  (name) => `org-user-manager/${name}`,
);

/** What is in the way of importing each entry point on a runtime. */
async function importFailures(node: string, options: readonly string[] = []) {
  const cwd = join(folder, 'with-peers');
  await writeFile(join(cwd, 'import.mjs'), imports(specifiers));
  const { stdout } = await runOk(node, [...options, 'import.mjs'], { cwd });
  return JSON.parse(stdout);
}

/** Makes Node's own object say something else, before anything is imported. */
const posingAs = (object: string, property: string, value: object | string) => [
  '--import',
  `data:text/javascript,Object.defineProperty(${object},"${property}",{value:${JSON.stringify(value)}})`,
];

const refusedOn = (version: string) => {
  const sentence = `org-user-manager needs Node 22.18 or newer; this is Node ${version}.`;
  const needy = specifiers.filter((name) => !runsAnywhere.includes(name));
  return Object.fromEntries(needy.map((name) => [name, sentence]));
};

test.each(['22.17.1', '20.20.2', '9.11.2'])(
  'on Node %s the import says what is needed',
  async (node) => {
    const options = posingAs('process', 'versions', { node });
    expect(await importFailures(process.execPath, options)).toEqual(refusedOn(node));
  },
);

test.each<[string, object]>([
  ['Node 22.18', { node: '22.18.0' }],
  ['Node 26', { node: '26.0.0' }],
  ['Bun', { node: '20.20.2', bun: '1.3.0' }],
  ['Deno', { node: '20.20.2', deno: '2.5.0' }],
  ['a runtime without Node', {}],
])('on %s every entry point loads', async (_, versions) => {
  const options = posingAs('process', 'versions', versions);
  expect(await importFailures(process.execPath, options)).toEqual({});
});

test('on Cloudflare Workers, whose Node looks older, every entry point loads', async () => {
  const options = [
    ...posingAs('process', 'versions', { node: '20.20.2' }),
    ...posingAs('navigator', 'userAgent', 'Cloudflare-Workers'),
  ];
  expect(await importFailures(process.execPath, options)).toEqual({});
});

const oldNodes = (process.env.PATH ?? '').split(delimiter).flatMap((path) => {
  const program = join(path, 'node');
  if (!existsSync(program)) return [];
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  const [, version = '', major, minor] = /^v((\d+)\.(\d+)\.\d+)\s*$/.exec(stdout) ?? [];
  const isOld = Number(major) < 22 || (Number(major) === 22 && Number(minor) < 18);
  return isOld ? [{ program, version }] : [];
});

test.skipIf(oldNodes.length === 0)('an older Node of this machine says so, too', async () => {
  for (const { program, version } of oldNodes) {
    expect(await importFailures(program)).toEqual(refusedOn(version));
  }
});

test('there is one copy of every class, however and through whichever door it is loaded', async () => {
  const { answer } = await ask(
    'bare',
    'identity.cjs',
    `const { OrgUserManagerError } = require('org-user-manager');
     const { consoleMailer } = require('org-user-manager/console-mailer');
     const thrown = (() => { try { consoleMailer({ unknown: 1 }); } catch (error) { return error; } })();
     import('org-user-manager').then((imported) => console.log(JSON.stringify({
       sameClass: imported.OrgUserManagerError === OrgUserManagerError,
       sameFamily: thrown instanceof OrgUserManagerError,
       code: thrown.code,
     })));`,
  );
  expect(answer).toEqual({ sameClass: true, sameFamily: true, code: 'invalid_options' });
});

test('its types check in strict ESM and CommonJS consumers, declarations included', async () => {
  const cwd = join(folder, 'with-peers');
  // What a host in TypeScript has anyway; the rest of its node_modules is what npm installed.
  for (const name of ['@types', 'fastify']) {
    await symlink(join(root, 'node_modules', name), join(cwd, 'node_modules', name));
  }
  const aliases = specifiers.map((name, index) => [name, `entry${index}`] as const);
  const all = aliases.map(([, alias]) => alias).join(', ');
  const program = `
    export const entries: object[] = [${all}];
    export const manager = new entry0.OrgUserManager({
      storage: entry${specifiers.indexOf('org-user-manager/memory')}.memoryStorage(),
      mailer: { send: async ({ to }) => void to.toLowerCase() },
      secret: 'k9Qz3vTn7RbYw2Lx8Hc5Jd1Mf6Sg4Pa0',
      baseUrl: 'https://app.example.com/org',
    });
    // @ts-expect-error: the types are real, so the rest of the options is missed.
    export const broken = () => new entry0.OrgUserManager({ baseUrl: 'https://app.example.com' });
    export const code = (error: unknown) => entry0.isOrgUserManagerError(error) && error.code;
    // @ts-expect-error: codes are a closed list, not strings.
    export const wrong = (error: unknown) => entry0.isOrgUserManagerError(error, 'no_such_code');`;
  const esm = aliases.map(([name, alias]) => `import * as ${alias} from '${name}';`);
  const cjs = aliases.map(([name, alias]) => `import ${alias} = require('${name}');`);
  await writeFile(join(cwd, 'consumer.mts'), [...esm, program].join('\n'));
  await writeFile(join(cwd, 'consumer.cts'), [...cjs, program].join('\n'));
  const compilerOptions = {
    target: 'es2023',
    lib: ['es2023'],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
  };
  const both = ['consumer.mts', 'consumer.cts'];
  const settings: readonly [object, readonly string[]][] = [
    [{ module: 'nodenext' }, both],
    [{ module: 'node20', skipLibCheck: true }, both],
    // There is no `require` of modules in a bundle.
    [{ module: 'esnext', moduleResolution: 'bundler', skipLibCheck: true }, ['consumer.mts']],
  ];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  for (const [setting, files] of settings) {
    const options = { ...compilerOptions, ...setting };
    await writeFile(
      join(cwd, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, files }),
    );
    const { code, stdout } = await run(process.execPath, [tsc, '-p', '.'], { cwd });
    expect([setting, code, stdout]).toEqual([setting, 0, '']);
  }
}, 60_000);

test('the README names the settings of TypeScript that are tried here', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  for (const words of ['ESM only', '"nodenext"', '"node20"', '"moduleResolution": "bundler"']) {
    expect(readme).toContain(words);
  }
});

test('the tarball holds the build and the guides, nothing of this machine, nothing more', async () => {
  const expected =
    /^(?:package\.json|LICENSE|[A-Z-]+\.md|dist\/.+\.(?:js|d\.ts)|(?:src|adapters)\/.+\/README\.md)$/;
  expect(packed.files.filter((path) => !expected.test(path))).toEqual([]);
  const targets = Object.values(manifest.exports).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(Object(target)).map(String),
  );
  const missing = targets.filter((target) => !packed.files.includes(target.replace(/^\.\//, '')));
  expect(missing).toEqual([]);
  const installed = join(folder, 'bare/node_modules/org-user-manager');
  for (const entry of manifest.files) {
    expect(globSync(entry, { cwd: installed }), `files: "${entry}" matches nothing`).not.toEqual(
      [],
    );
  }
  const machine = [`${root}/src`, `${root}/adapters`, `${root}/node_modules`, 'sourceMappingURL='];
  for (const path of packed.files) {
    const text = await readFile(join(installed, path), 'utf8');
    expect(
      machine.filter((trace) => text.includes(trace)),
      path,
    ).toEqual([]);
  }
});

test('publint has nothing to say', async () => {
  const pkgDir = join(folder, 'bare/node_modules/org-user-manager');
  const { messages, pkg } = await publint({ pkgDir, pack: false, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
});

test('prints what importing the root costs, beside rate-limiter-flexible', async () => {
  const installed = join(folder, 'bare/node_modules/org-user-manager');
  const candidates = [
    { name: 'org-user-manager', path: join(installed, manifest.exports['.'].default) },
    { name: 'rate-limiter-flexible', path: require.resolve('rate-limiter-flexible') },
  ].map((candidate) => ({ ...candidate, times: [] as number[] }));
  const script = `const start = performance.now();
    await import(process.argv[1]);
    console.log(performance.now() - start);`;
  // In turn, so that a busy moment of the machine falls on both.
  for (let round = 0; round < 15; round++) {
    for (const { path, times } of candidates) {
      const args = ['--input-type=module', '-e', script, path];
      const { stdout } = await runOk(process.execPath, args, { cwd: folder });
      times.push(Number(stdout));
    }
  }
  for (const { name, times } of candidates) {
    const median = times.toSorted((a, b) => a - b)[7];
    console.log(`import ${name}: ${median?.toFixed(1)} ms (median of ${times.length} processes)`);
    expect(median).toBeGreaterThan(0);
  }
}, 60_000);
