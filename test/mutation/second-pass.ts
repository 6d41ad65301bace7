import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Mutant } from '@stryker-mutator/api/core';
import { apply } from './mutants.ts';

const left = new Set(['node_modules', '.git', '.stryker-tmp', 'dist']);
const longestRun = 15 * 60_000;

/** A copy of the project, in which one mutant after the other is tried for real. */
export interface Copy {
  /** What notices the mutant: the type checker, or the first test that fails. */
  judge(mutant: Mutant): Promise<string | undefined>;
  remove(): Promise<void>;
}

/** Copies the project, without what is installed or built. */
export async function openCopy(): Promise<Copy> {
  const cwd = await mkdtemp(join(tmpdir(), 'oum-mutation-'));
  await cp('.', cwd, { recursive: true, filter: (path) => !left.has(basename(path)) });
  await symlink(join(process.cwd(), 'node_modules'), join(cwd, 'node_modules'));
  return {
    judge: async (mutant) => {
      const file = join(cwd, relative(process.cwd(), mutant.fileName));
      const original = await readFile(file, 'utf8');
      await writeFile(file, apply(mutant, original));
      try {
        return (await typeFault(cwd)) ?? (await failedTest(cwd, file));
      } finally {
        await writeFile(file, original);
      }
    },
    remove: () => rm(cwd, { recursive: true }),
  };
}

async function typeFault(cwd: string): Promise<string | undefined> {
  return (await run(cwd, ['tsc', '--noEmit'])) ? undefined : 'the type checker';
}

/** Runs every test file that reaches the changed one, with the servers, up to the first failure. */
async function failedTest(cwd: string, file: string): Promise<string | undefined> {
  const report = join(cwd, 'report.json');
  const config = ['--config', 'test/mutation/vitest.config.ts'];
  const reporter = ['--reporter', 'json', '--outputFile', report];
  if (await run(cwd, ['vitest', 'related', file, '--run', '--bail', '1', ...config, ...reporter])) {
    return undefined;
  }
  return readFile(report, 'utf8').then(nameOfFailure, () => 'a run that did not end');
}

function nameOfFailure(report: string): string {
  const { testResults } = JSON.parse(report);
  for (const { name, status, assertionResults } of testResults) {
    const failed = assertionResults.find((test: { status: string }) => test.status === 'failed');
    if (failed) return `${basename(name)}: ${failed.fullName}`;
    if (status === 'failed') return `${basename(name)}: does not start`;
  }
  return 'an error outside of the tests';
}

async function run(cwd: string, [command = '', ...args]: readonly string[]): Promise<boolean> {
  const bin = join('node_modules', '.bin', command);
  const env = { ...process.env, OUM_SECOND_PASS: '1' };
  const options = { cwd, env, timeout: longestRun, maxBuffer: 2 ** 28 };
  return promisify(execFile)(bin, args, options).then(
    () => true,
    () => false,
  );
}
