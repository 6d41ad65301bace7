import { readFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';

// package.json is the one list of entry points: ./dist/<path>.js is built from <path>.ts.
const { exports, imports } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = [...Object.values(exports), ...Object.values(imports)]
  .flatMap((target) => Object.values(Object(target)))
  .flatMap((target) => {
    const path = /^\.\/dist\/(.+)\.js$/.exec(String(target))?.[1];
    return path ? [[path, `${path}.ts`]] : [];
  });

// zod keeps its settings on `globalThis`, where an application's own zod would share them with ours.
const ownZodSettings: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'own-zod-settings',
  setup(build) {
    const filter = /[\\/]zod[\\/]v4[\\/]core[\\/](?:core|registries)\.js$/;
    build.onLoad({ filter }, ({ path }) => ({
      contents: `const ours = {};\n${readFileSync(path, 'utf8').replaceAll('globalThis', 'ours')}`,
    }));
  },
};

export default defineConfig({
  entry: Object.fromEntries(entries),
  format: 'esm',
  target: 'node22',
  splitting: true,
  dts: false,
  clean: true,
  // node:sqlite exists only under its prefix.
  removeNodeProtocol: false,
  // Inlined and tree-shaken they are a few kB; installed, zod alone outweighs the rest of the package.
  noExternal: ['zod', 'mitt', 'email-validator'],
  esbuildPlugins: [ownZodSettings],
  // Resolved where the package is used: Node and bundlers load the features differently.
  external: ['#features'],
});
