/**
 * The extraction beside its peers: `npm run bench:extract` for speed, `-- --quality` for the
 * answers, `-- --hostile` for texts that are meant to take long, `-- --hostile-all` for
 * those beside every peer, `-- --files <folder>` for the files of a folder. Needs
 * `npm run bench:install`.
 */
import { spawnSync } from 'node:child_process';
import { benchFiles } from './files.ts';
import { benchHostile, benchHostileAll } from './hostile.ts';
import { benchQuality } from './quality.ts';
import { benchList, benchPaste, benchProse } from './speed.ts';

const speeds: Readonly<Record<string, () => void>> = {
  '--list': benchList,
  '--prose': benchProse,
  '--paste': benchPaste,
};
const modes: Readonly<Record<string, () => void>> = {
  ...speeds,
  '--hostile': benchHostile,
  '--hostile-all': benchHostileAll,
  '--quality': benchQuality,
  '--files': () => benchFiles(process.argv[3]),
};

// Each in a process of its own: the heap that one leaves behind slows the next one.
function benchSpeed(): void {
  for (const mode of Object.keys(speeds)) {
    const { status } = spawnSync(process.execPath, [import.meta.filename, mode], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}

const mode = process.argv[2];
const bench = mode === undefined ? benchSpeed : modes[mode];
if (!bench) throw new Error(`Unknown mode ${mode}: use ${Object.keys(modes).join(', ')}.`);
bench();
