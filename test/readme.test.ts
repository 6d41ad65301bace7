/**
 * Runs what the guides print. The words after a code block's language say how:
 *
 * - `ts check`: is type-checked, as the code of a host. A comment on the line before the block,
 *   `<!-- context: declare const manager: import('org-user-manager').OrgUserManager -->`, declares
 *   what the guide takes for granted.
 * - `ts run`: a whole program; is type-checked and run. It ends with exit code 0, or listens and
 *   answers a request. A block `text output` right after it holds what it prints.
 * - `sh story`: all of a guide's story blocks, in order, in one shell, against the demo at `$BASE`.
 * - `sh quickstart`, `ts quickstart`: in order, in an empty folder, as a reader would: the shell
 *   blocks with this package's tarball in place of its name, the program on a free port in place
 *   of the printed one.
 *
 * TypeScript in a guide needs one of these; other blocks are only shown.
 */
import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { pack, root } from './package/pack.ts';
import { type CodeBlock, extractCodeBlocks } from './readme/extract-code-blocks.ts';
import { emptyFolder, hostFolder } from './readme/host-folder.ts';
import { runShell } from './readme/run-shell.ts';
import { startProgram } from './readme/start-program.ts';
import { typeCheck } from './readme/type-check.ts';

const guides = globSync(['*.md', '{src,adapters,examples}/**/*.md'], { cwd: root }).toSorted();
const printed = guides.flatMap((file) =>
  extractCodeBlocks(readFileSync(join(root, file), 'utf8'), file),
);
const is = (block: CodeBlock | undefined, language: string, tag: string) =>
  block?.language === language && block.tags.includes(tag);
const tagged = (language: string, tag: string) =>
  printed.filter((block) => is(block, language, tag));

/** Runs a `ts run` block; what it printed. */
async function runProgram(block: CodeBlock): Promise<string> {
  const folder = await hostFolder();
  await writeFile(join(folder, 'program.mts'), block.code);
  const { ports, stop } = await startProgram(folder, 'program.mts');
  if (!ports) {
    const { code, output } = await stop();
    expect(code, `${block.at}\n${output}`).toBe(0);
    return output;
  }
  const response = await fetch(`http://127.0.0.1:${ports.actual}/`);
  expect(response.status, block.at).toBeLessThan(500);
  return (await stop()).output;
}

// Installs the tarball where the guide names the package, and nothing again that npm has cached.
const npmPrelude = `set -e
  npm() { command npm "\${@/#org-user-manager/$TARBALL}" --prefer-offline; }`;

/** The demo, started as `npm run demo` does after its build; its address. */
async function startDemo(): Promise<string> {
  const child = spawn(process.execPath, ['examples/demo/main.ts'], {
    cwd: root,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  for await (const line of createInterface({ input: child.stdout })) {
    const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (address) return address;
  }
  throw new Error('the demo ended without printing its address');
}

test('every TypeScript block of a guide is checked', () => {
  const known = ['check', 'run', 'quickstart'];
  const unchecked = printed.filter(
    ({ language, tags }) =>
      /^(?:ts|typescript|js|javascript)$/.test(language) &&
      !(language === 'ts' && tags.length === 1 && known.includes(tags[0] ?? '')),
  );
  expect(unchecked.map(({ at }) => `${at}: say \`ts check\` or \`ts run\``)).toEqual([]);
});

test('the TypeScript in the guides type-checks', async () => {
  const blocks = printed.filter(({ language }) => language === 'ts');
  expect(blocks.length).toBeGreaterThan(0);
  expect(await typeCheck(blocks)).toBe('');
}, 60_000);

test.for(tagged('ts', 'run'))('the program in $at runs', async (block) => {
  const output = await runProgram(block);
  const next = printed[printed.indexOf(block) + 1];
  if (next && is(next, 'text', 'output')) expect(output).toBe(next.code);
});

test('the quick start, exactly as printed, is a working mount in at most 15 lines', async () => {
  const blocks = printed.filter(({ tags }) => tags.includes('quickstart'));
  const program = blocks.findIndex(({ language }) => language === 'ts');
  expect(program).toBeGreaterThan(0);
  const lines = blocks.slice(0, program + 1).flatMap(({ code }) => code.trim().split('\n'));
  expect(lines.length).toBeLessThanOrEqual(15);

  const folder = await emptyFolder();
  const { tarball } = await pack(folder);
  const env = { TARBALL: tarball };
  for (const { code } of blocks.slice(0, program)) {
    const { stderr, ...installed } = await runShell(code, {
      cwd: folder,
      env,
      prelude: npmPrelude,
    });
    expect(installed.code, stderr).toBe(0);
  }
  await writeFile(join(folder, 'server.ts'), blocks[program]?.code ?? '');
  const { ports, printed: hasPrinted, stop } = await startProgram(folder, 'server.ts');
  if (!ports) expect.fail(`the server does not listen:\n${(await stop()).output}`);
  const curl = `set -e; curl() {
    command curl --silent --show-error --fail-with-body \\
      --connect-to localhost:${ports.printed}:127.0.0.1:${ports.actual} "$@"
  }`;
  for (const { code, at } of blocks.slice(program + 1)) {
    const answered = await runShell(code, { cwd: folder, prelude: curl });
    expect(answered.code, `${at}\n${answered.stdout}${answered.stderr}`).toBe(0);
  }
  await hasPrinted(/friend@example\.org[\s\S]*http:\/\/localhost:3000\/org\/\S*oum_/);
}, 60_000);

test('the story works with curl alone, from the invitation over the 429 to the 403', async () => {
  const code = tagged('sh', 'story').map((block) => block.code);
  expect(code.length).toBeGreaterThan(0);
  const env = { BASE: await startDemo() };
  const { stdout, stderr } = await runShell(code.join('\n'), { cwd: root, env });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/200\n200\nHTTP\/1\.1 429 [\s\S]*\r\nretry-after: \d+\r\n[\s\S]*403\n$/i);
  expect(stdout).toContain('"usage_limit_exceeded"');
});

const fixture = [
  '# Guide',
  '```ts run',
  "import { isOrgUserManagerError } from 'org-user-manager';",
  'const answer: boolean = isOrgUserManagerError(new Error());',
  'console.log(answer);',
  '```',
  '',
  '```text output',
  'false',
  '```',
  '<!-- context: declare const secret: string; -->',
  '~~~ts check',
  "import { OrgUserManager } from 'org-user-manager';",
  'new OrgUserManager(secret);',
  '~~~',
  '````md',
  '```ts',
  'not a block of its own',
  '```',
  '````',
  '```ts run',
  "import { createServer } from 'node:http';",
  "createServer((_, response) => void response.end('hello')).listen(3000, () => console.log('up'));",
  '```',
].join('\n');

test('blocks are found with their place, language and tags', () => {
  const blocks = extractCodeBlocks(fixture, 'guide.md');
  expect(blocks.map(({ at, language, tags }) => [at, language, ...tags])).toEqual([
    ['guide.md:3', 'ts', 'run'],
    ['guide.md:9', 'text', 'output'],
    ['guide.md:13', 'ts', 'check'],
    ['guide.md:17', 'md'],
    ['guide.md:22', 'ts', 'run'],
  ]);
  expect(blocks[3]?.code).toBe('```ts\nnot a block of its own\n```\n');
  expect(() => extractCodeBlocks('```ts\n1', 'guide.md')).toThrow('guide.md:1 opens');
});

test('a wrong block is reported by its line in the guide', async () => {
  const blocks = extractCodeBlocks(fixture, 'docs/guide.md').filter((it) => it.language === 'ts');
  const report = await typeCheck(blocks);
  expect(report).toMatch(/^docs-guide\.md-13\.mts\(14,20\): error TS/);
  expect(report.trim().split('\n')).toHaveLength(1);
});

test('programs are run, servers are called, and failures are seen', async () => {
  const [program, , , , server] = extractCodeBlocks(fixture, 'guide.md');
  if (!program || !server) expect.fail('the fixture has both');
  expect(await runProgram(program)).toBe('false\n');
  expect(await runProgram(server)).toBe('up\n');
  const broken = { ...program, code: 'process.exitCode = 3;' };
  await expect(runProgram(broken)).rejects.toThrow('guide.md:3');
});
