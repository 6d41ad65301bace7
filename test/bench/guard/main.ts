/**
 * The guards beside other limiters, all in memory: `npm run bench:guard`. Needs
 * `npm run bench:install`. `-- --quick` runs fewer rounds, `-- --only=direct` (or `inject`, `http`)
 * one part of it.
 */
import { benchDirect } from './direct.ts';
import { benchHttp } from './http.ts';
import { benchInject } from './inject.ts';

const only = process.argv
  .find((argument) => argument.startsWith('--only='))
  ?.slice('--only='.length);
const rounds = process.argv.includes('--quick') ? 11 : 31;
const parts: Readonly<Record<string, (rounds: number) => Promise<void>>> = {
  direct: benchDirect,
  inject: benchInject,
  http: (rounds) => benchHttp(Math.ceil(rounds / 4)),
};
for (const [name, bench] of Object.entries(parts)) {
  if (only === undefined || only === name) await bench(rounds);
}
process.exit();
