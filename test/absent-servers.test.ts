/** A machine without servers: what needs them is skipped, counted and named; no file is silently empty. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { run } from './package/run.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = fileURLToPath(import.meta.resolve('vitest'));

const suites = `
import { expect, test } from ${JSON.stringify(vitest)};
import { sharedEngines } from ${JSON.stringify(join(root, 'test/fixtures/places.ts'))};
import { describeEach } from ${JSON.stringify(join(root, 'test/fixtures/servers.ts'))};

describeEach(sharedEngines())('on $name', ({ name }) => {
  test('one', () => expect(name).toBe('SQLite'));
  test('two', () => expect(name).toBe('SQLite'));
});
`;

/** Runs the project's own test command where no server is; its only test file has this content. */
async function runHidden(file: string, env: NodeJS.ProcessEnv = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'oum-absent-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'test'));
  writeFileSync(join(folder, 'test/sample.test.ts'), file);
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [program, ...args] = scripts.test.split(' ');
  expect(program).toBe('vitest');
  const { code, stdout, stderr } = await run(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), ...args, '--dir', folder],
    {
      cwd: root,
      env: {
        PATH: folder,
        NO_COLOR: '1',
        POSTGRES_URL: 'postgres://amy:hunter2@127.0.0.1:1/test',
        MARIADB_URL: 'mysql://amy:hunter2@127.0.0.1:1/test',
        REDIS_URL: 'redis://amy:hunter2@127.0.0.1:1',
        ...env,
      },
    },
  );
  const output = stdout + stderr;
  expect(output).not.toMatch(/hunter2|amy/);
  return { code, output };
}

test('suites of absent servers are skipped, and the end of the run counts and names them', async () => {
  const { code, output } = await runHidden(suites);
  expect([code, output]).toEqual([0, expect.stringContaining('2 tests ran, 4 were skipped:')]);
  for (const name of ['PostgreSQL', 'MariaDB']) {
    const reason = `2 because ${name} is not reachable at 127.0.0.1:1: .*:`;
    expect(output).toMatch(new RegExp(`\n${reason}\n.*sample.test.ts \\(2\\)\n`));
  }
});

test('an absent server is a failure when servers are required', async () => {
  const { code, output } = await runHidden(suites, { OUM_REQUIRE_SERVERS: '1' });
  expect(code).toBe(1);
  for (const name of ['PostgreSQL', 'MariaDB', 'Redis']) {
    expect(output).toContain(`${name} is not reachable at 127.0.0.1:1`);
  }
  for (const program of ['redis-server', 'pgbouncer']) {
    expect(output).toContain(`${program} is not on PATH`);
  }
});

test.each([
  ['no test', 'export {};'],
  [
    'engines for its tests, but none of them left',
    suites.replace('Engines()', 'Engines().slice(3)'),
  ],
])('a file with %s is a failure, also where no server is', async (_, file) => {
  const { code, output } = await runHidden(file);
  expect(code).toBe(1);
  expect(output).toContain('No test suite found');
});
