import { fileURLToPath } from 'node:url';
import { configDefaults, mergeConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import root from '../../vitest.config.ts';

/**
 * They measure, read the project's text, test a built package, which knows no mutant, or take minutes for
 * each mutant (crashes, races).
 */
const never = [
  ...configDefaults.exclude,
  'test/absent-servers.test.ts',
  'test/architecture.test.ts',
  'test/crashes/**',
  'test/examples.test.ts',
  'test/explain/**',
  'test/no-globals.test.ts',
  'test/package.test.ts',
  'test/races/**',
  'test/readme.test.ts',
];

/** They need a server or processes of their own, or take longest. */
const slow = [
  'test/csv/linear.test.ts',
  'test/extract-linear.test.ts',
  'test/host-conflicts.test.ts',
  'test/model/**',
  'test/prepared-statements.test.ts',
  'test/processes.test.ts',
  'test/rate-limit/exactness.test.ts',
  'test/rate-limit/outages.test.ts',
  'test/rate-limit/round-trips.test.ts',
  'test/redis/**',
  'test/testing-kit.test.ts',
];

/** A run ends at the first failure, so the shortest file goes first. */
class ShortestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).reverse();
  }
}

const pglite = fileURLToPath(new URL('no-pglite.ts', import.meta.url));
const withoutServers = {
  resolve: { alias: [{ find: '@electric-sql/pglite', replacement: pglite }] },
  test: {
    exclude: slow,
    globalSetup: [fileURLToPath(new URL('without-servers.ts', import.meta.url))],
  },
};

const common = { test: { sequence: { sequencer: ShortestFirst }, exclude: never } };
const secondPass = mergeConfig(root, common);

export default process.env.OUM_SECOND_PASS ? secondPass : mergeConfig(secondPass, withoutServers);
