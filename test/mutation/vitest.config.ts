import { configDefaults, defineConfig } from 'vitest/config';
import root from '../../vitest.config.ts';

/** They measure, read the project's text, or test a built package, which knows no mutant. */
const never = [
  'test/architecture.test.ts',
  'test/examples.test.ts',
  'test/explain/**',
  'test/package.test.ts',
  'test/readme.test.ts',
];

/** They need a server or processes of their own, or take longest. */
const secondPass = [
  'test/crashes/**',
  'test/csv/linear.test.ts',
  'test/extract-linear.test.ts',
  'test/host-conflicts.test.ts',
  'test/model/**',
  'test/prepared-statements.test.ts',
  'test/processes.test.ts',
  'test/races/**',
  'test/rate-limit/exactness.test.ts',
  'test/rate-limit/outages.test.ts',
  'test/rate-limit/round-trips.test.ts',
  'test/redis/**',
  'test/testing-kit.test.ts',
];

const closedPort = '127.0.0.1:9';

export default defineConfig(
  process.env.OUM_SECOND_PASS
    ? { ...root, test: { ...root.test, exclude: [...configDefaults.exclude, ...never] } }
    : {
        ...root,
        test: {
          ...root.test,
          exclude: [...configDefaults.exclude, ...never, ...secondPass],
          env: {
            POSTGRES_URL: `postgres://postgres@${closedPort}/test`,
            MARIADB_URL: `mysql://root@${closedPort}/test`,
            REDIS_URL: `redis://${closedPort}`,
          },
        },
      },
);
