import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runOk } from './run.ts';

export const root = join(import.meta.dirname, '../..');

export interface Packed {
  readonly tarball: string;
  /** Paths inside the tarball. */
  readonly files: readonly string[];
}

/**
 * What `npm publish` would upload, written into `folder`. The build is not repeated: it would take
 * `dist` away from under the tests that run beside this one.
 */
export async function pack(folder: string): Promise<Packed> {
  if (!existsSync(join(root, 'dist'))) throw new Error('no dist folder: run `npm run build` first');
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await runOk('npm', args, { cwd: root });
  const [{ filename, files }] = JSON.parse(stdout);
  return {
    tarball: join(folder, filename),
    files: files.map(({ path }: { path: string }) => path),
  };
}

/** Installs into a folder; what `npm ci` has fetched before is not fetched again. */
export async function install(folder: string, packages: readonly string[]): Promise<void> {
  const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages];
  await runOk('npm', args, { cwd: folder });
}
