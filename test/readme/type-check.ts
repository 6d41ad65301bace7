import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../package/pack.ts';
import { run } from '../package/run.ts';
import type { CodeBlock } from './extract-code-blocks.ts';
import { hostFolder } from './host-folder.ts';

const compilerOptions = {
  module: 'nodenext',
  target: 'es2023',
  strict: true,
  // The declarations of the hosts' other packages are not ours to check.
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
};

/** Type-checks printed code as a host's; what is wrong with it, by the lines of the Markdown. */
export async function typeCheck(blocks: readonly CodeBlock[]): Promise<string> {
  const folder = await hostFolder();
  const files = blocks.map(({ at }) => `${at.replaceAll(/[/:]/g, '-')}.mts`);
  for (const [index, { code, context, line }] of blocks.entries()) {
    // Begins on the same line as in the Markdown, and is a module even without an import.
    const text = `${context}${'\n'.repeat(line - 1)}${code}\nexport {};\n`;
    await writeFile(join(folder, files[index] ?? ''), text);
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout, stderr } = await run(process.execPath, [tsc, '-p', '.'], { cwd: folder });
  return stdout + stderr;
}
