/**
 * The extraction beside its peers: `npm run bench:extract` for speed, `-- --quality` for the
 * answers, `-- --hostile` for texts that are meant to take long, `-- --hostile-all` for
 * those beside every peer. Needs `npm run bench:install`.
 */
import { benchHostile, benchHostileAll } from './hostile.ts';
import { benchQuality } from './quality.ts';
import { benchSpeed } from './speed.ts';

const modes: Readonly<Record<string, () => void>> = {
  '--hostile': benchHostile,
  '--hostile-all': benchHostileAll,
  '--quality': benchQuality,
};
const mode = process.argv[2];
const bench = mode === undefined ? benchSpeed : modes[mode];
if (!bench) throw new Error(`Unknown mode ${mode}: use ${Object.keys(modes).join(', ')}.`);
bench();
