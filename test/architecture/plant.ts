import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openProject } from './compiler.ts';

/** Writes a small project into a temporary folder and opens it; gone when the test ends. */
export function plant(files: Readonly<Record<string, string>>) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'org-user-manager-planted-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const compilerOptions = { module: 'preserve', allowImportingTsExtensions: true, noEmit: true };
  const include = ['src', 'adapters', 'examples'];
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }));
  const { project, close } = openProject(join(root, 'tsconfig.json'));
  onTestFinished(close);
  return { root, project };
}
