import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { exit } from '../package/run.ts';

/** A program that began to listen, or ended without. */
export interface Started {
  /** The port that the program names, and the one that it really listens on. */
  readonly ports: { readonly printed: number; readonly actual: number } | undefined;
  /** Resolves once the output holds this; rejects when the program ends without. */
  printed(pattern: RegExp): Promise<void>;
  /** Ends the program, if it still runs, and resolves with all that it printed. */
  stop(): Promise<{ readonly code: number | null; readonly output: string }>;
}

const preload = new URL('on-free-port.mjs', import.meta.url).href;

/** Runs a printed program with Node until it listens or ends. */
export async function startProgram(folder: string, file: string): Promise<Started> {
  const child = spawn(process.execPath, ['--import', preload, join(folder, file)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill());
  const output = collectOutput(child);
  const ended = exit(child);
  const ports = await Promise.race([firstMessage(child), ended.then(() => undefined)]);
  return {
    ports,
    async printed(pattern) {
      let isRunning = true;
      while (!pattern.test(output.join(''))) {
        if (!isRunning) throw new Error(`ended without printing ${pattern}:\n${output.join('')}`);
        const more = child.stdout ? once(child.stdout, 'data') : ended;
        isRunning = await Promise.race([more.then(() => true), ended.then(() => false)]);
      }
    },
    async stop() {
      child.kill();
      return { code: await ended, output: output.join('') };
    },
  };
}

function collectOutput(child: ChildProcess): string[] {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  }
  return chunks;
}

function firstMessage(child: ChildProcess): Promise<NonNullable<Started['ports']>> {
  return new Promise((resolve) => child.once('message', (message) => resolve(Object(message))));
}
