/**
 * Bundles a small application with each bundler, without optional peers and with them, and runs the
 * bundle where no package can be found: it has to print what the application prints unbundled.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlers } from './bundlers.ts';

const root = join(import.meta.dirname, '../..');
const optionalPeers = ['nodemailer', 'libphonenumber-js'];
const oldNode =
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.20.2"}})';

if (!existsSync(join(root, 'dist'))) throw new Error('no dist folder: run `npm run build` first');

/** An application's folder with the package as npm would install it, and these packages beside it. */
function createStage(folder: string, peers: readonly string[]): string {
  const modules = join(folder, 'node_modules');
  const installed = join(modules, 'org-user-manager');
  mkdirSync(installed, { recursive: true });
  for (const part of ['dist', 'package.json']) {
    cpSync(join(root, part), join(installed, part), { recursive: true });
  }
  for (const peer of peers) {
    cpSync(join(root, 'node_modules', peer), join(modules, peer), { recursive: true });
  }
  const entry = join(folder, 'app.js');
  cpSync(join(import.meta.dirname, 'app.js'), entry);
  return entry;
}

function run(file: string, options: readonly string[] = []) {
  const args = ['--no-warnings', ...options, file];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { stdout: stdout.trim(), stderr };
}

const base = mkdtempSync(join(tmpdir(), 'org-user-manager-bundlers-'));
let failed = 0;

async function check(name: string, attempt: () => Promise<void>): Promise<void> {
  const start = performance.now();
  try {
    await attempt();
    console.log(`ok      ${name}, ${((performance.now() - start) / 1000).toFixed(1)} s`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error instanceof Error ? error.message : String(error)}`);
  }
}

try {
  for (const peers of [[], optionalPeers]) {
    const kind = peers.length > 0 ? 'with optional peers' : 'without optional peers';
    const folder = join(base, String(peers.length));
    const entry = createStage(folder, ['kysely', ...peers]);
    const unbundled = run(entry);
    console.log(`${kind}: ${unbundled.stdout || unbundled.stderr}`);
    for (const [index, { name, bundle }] of bundlers.entries()) {
      await check(`${name}, ${kind}`, async () => {
        // Beside the application, not below it: the bundle finds no packages there.
        const file = await bundle({ entry, output: join(base, `out-${peers.length}-${index}`) });
        const bundled = run(file);
        assert.equal(bundled.stdout, unbundled.stdout, bundled.stderr);
        assert.match(
          run(file, ['--import', oldNode]).stderr,
          /needs Node 22\.18 or newer; this is/,
        );
      });
    }
  }
} finally {
  rmSync(base, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
