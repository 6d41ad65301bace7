import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests import the public entry points by name; here those names mean the source.
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const alias = Object.entries(exports).flatMap(([subpath, target]) => {
  const path = /^\.\/dist\/(.+)\.js$/.exec(Object(target).default)?.[1];
  if (!path) return [];
  const find = new RegExp(`^org-user-manager${subpath.slice(1)}$`);
  return [{ find, replacement: fileURLToPath(new URL(`${path}.ts`, import.meta.url)) }];
});

const features = fileURLToPath(new URL('src/load-features.ts', import.meta.url));
alias.push({ find: /^#features$/, replacement: features });

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/find-servers.ts'],
    reporters: ['default', './test/skipped-tests.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // One core is left idle by default, although much of the time is spent waiting for servers.
    maxWorkers: '100%',
  },
});
