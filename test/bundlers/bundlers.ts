import { join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build as esbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack, { type Configuration } from 'webpack';

/** Where an application is, and where its bundle goes. */
export interface Place {
  readonly entry: string;
  readonly output: string;
}

/** A bundler in one of its settings. */
export interface Bundler {
  readonly name: string;
  /** Bundles the application for Node; the file to run. Rejects when the build has an error. */
  bundle(place: Place): Promise<string>;
}

/** Every bundler, into one file and into several. */
export const bundlers: readonly Bundler[] = [
  ...[false, true].map(
    (splitting): Bundler => ({
      name: `esbuild, ${splitting ? 'several files' : 'one file'}`,
      async bundle({ entry, output }) {
        await esbuild({
          entryPoints: [entry],
          outdir: output,
          outExtension: { '.js': '.mjs' },
          bundle: true,
          minify: true,
          platform: 'node',
          format: 'esm',
          splitting,
          logLevel: 'error',
        });
        return join(output, 'app.mjs');
      },
    }),
  ),
  ...[false, true].map(
    (splitting): Bundler => ({
      name: `rollup, ${splitting ? 'several files' : 'one file'}`,
      async bundle({ entry, output }) {
        const plugins = [nodeResolve()];
        const bundle = await rollup({
          input: entry,
          plugins,
          external: /^node:/,
          logLevel: 'silent',
        });
        await bundle.write({
          dir: output,
          format: 'es',
          inlineDynamicImports: !splitting,
          entryFileNames: 'app.mjs',
          chunkFileNames: '[name]-[hash].mjs',
        });
        return join(output, 'app.mjs');
      },
    }),
  ),
  ...[false, true].map(
    (splitting): Bundler => ({
      name: `vite, ${splitting ? 'several files' : 'one file'}`,
      async bundle({ entry, output }) {
        await vite({
          configFile: false,
          root: join(entry, '..'),
          logLevel: 'error',
          ssr: { noExternal: true },
          build: {
            ssr: entry,
            outDir: output,
            rolldownOptions: { output: { codeSplitting: splitting, entryFileNames: 'app.mjs' } },
          },
        });
        return join(output, 'app.mjs');
      },
    }),
  ),
  {
    name: 'webpack',
    async bundle({ entry, output }) {
      await runWebpack({
        mode: 'production',
        // Makes the build several times as fast.
        optimization: { minimize: false },
        target: 'node22',
        context: join(entry, '..'),
        entry,
        output: { path: output, filename: 'app.mjs', module: true },
        experiments: { outputModule: true },
      });
      return join(output, 'app.mjs');
    },
  },
];

function runWebpack(configuration: Configuration): Promise<void> {
  return new Promise((resolve, reject) => {
    webpack(configuration, (failure, stats) => {
      if (failure) reject(failure);
      else if (stats?.hasErrors()) reject(new Error(stats.toString({ all: false, errors: true })));
      else resolve();
    });
  });
}
