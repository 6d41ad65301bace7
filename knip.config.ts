import { readFileSync } from 'node:fs';
import type { KnipConfig } from 'knip';

// package.json's exports are the one list of entry points: ./dist/<path>.js is built from <path>.ts.
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = Object.values(exports).flatMap((target) => {
  const path = /^\.\/dist\/(.+)\.js$/.exec(Object(target).default)?.[1];
  return path ? [`${path}.ts`] : [];
});

export default {
  entry: [
    ...entries,
    // Bundlers find it through the imports of package.json.
    'src/load-features-with-bundle.ts',
    'examples/*/main.ts',
    'examples/demo/public/app.js',
    'src/emails/judge/generate-tlds.mjs',
    'test/readme/on-free-port.mjs',
  ],
  project: ['{src,adapters,examples,test}/**'],
  // A type may be exported for its name's sake, when something exported in the same file uses it.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // Only .ci/run calls it.
  ignoreDependencies: ['@arethetypeswrong/cli'],
  // No package brings them; their tests are skipped where they are absent.
  ignoreBinaries: ['redis-server', 'pgbouncer'],
  // They have installs of their own: the benchmarks with the peers, the mutation runs with Stryker.
  ignore: ['test/bench/**', 'test/bundlers/**', 'test/drivers/**', 'test/mutation/**'],
} satisfies KnipConfig;
