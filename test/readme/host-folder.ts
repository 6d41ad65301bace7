import { mkdir, mkdtemp, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { root } from '../package/pack.ts';

/** An empty temporary folder; gone when the test ends. */
export async function emptyFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'org-user-manager-readme-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder in which the built package and everything that this repository installs can be imported. */
export async function hostFolder(): Promise<string> {
  const folder = await emptyFolder();
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { dependencies, devDependencies } = manifest;
  const names = Object.keys({ ...dependencies, ...devDependencies });
  const links = names.map((name) => ({ name, to: join(root, 'node_modules', name) }));
  for (const { name, to } of [...links, { name: 'org-user-manager', to: root }]) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(to, link);
  }
  return folder;
}
