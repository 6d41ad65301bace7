/**
 * Every benchmark, one after the other: `npm run bench`. Needs `npm run bench:install`. One that fails
 * keeps none of the others from running; the command fails then at the end.
 */
import { spawnSync } from 'node:child_process';

const parts = ['gates', 'extract', 'invite', 'guard', 'usage'];

const failed = parts.filter((part) => {
  const { status } = spawnSync('npm', ['run', '--silent', `bench:${part}`], { stdio: 'inherit' });
  return status !== 0;
});
if (failed.length > 0) {
  console.error(`\nfailed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
