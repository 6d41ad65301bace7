import { run } from '../package/run.ts';

/** Runs shell code as printed, in one bash; `prelude` gives it what the reader's terminal has. */
export function runShell(
  code: string,
  { cwd, env = {}, prelude = '' }: { cwd: string; env?: NodeJS.ProcessEnv; prelude?: string },
) {
  return run('bash', ['-c', `${prelude}\n${code}`], { cwd, env: { ...process.env, ...env } });
}
