import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, without a shell and without standard input. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env = process.env }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Finished> {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exit(child),
  ]);
  return { code, stdout, stderr };
}

/** The same for what must succeed; otherwise throws with everything it printed. */
export async function runOk(...call: Parameters<typeof run>): Promise<Finished> {
  const finished = await run(...call);
  if (finished.code === 0) return finished;
  const [command, args] = call;
  const { code, stdout, stderr } = finished;
  throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
}

/** The exit code, once the process has ended; null when a signal ended it. */
export function exit(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}
