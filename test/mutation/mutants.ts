import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Location, Mutant } from '@stryker-mutator/api/core';
import { Instrumenter } from '@stryker-mutator/instrumenter';

const quiet = () => undefined;
const logger = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: quiet,
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: quiet,
  fatal: quiet,
};

/** The rooms' own code; `src/testing` holds tests that other projects run. */
const rooms = ['src', 'adapters'];
const notMutated = /^src\/testing\//;

/** The folder that is judged as one: `src/usage`, `adapters/rate-limit/leased`. */
export function roomOf(file: string): string {
  const parts = dirname(relative('', file)).split('/');
  return parts.slice(0, parts[0] === 'src' ? 2 : 3).join('/');
}

/** Identifies a mutant within one version of the code. */
export function keyOf({ fileName, location, mutatorName, replacement }: Mutant): string {
  const { start, end } = location;
  const range = [start.line, start.column, end.line, end.column].join(':');
  return [relative(process.cwd(), fileName), range, mutatorName, replacement].join(' ');
}

/** The source with the mutant in it. */
export function apply({ location, replacement }: Mutant, source: string): string {
  const [start, end] = offsets(location, source);
  return source.slice(0, start) + replacement + source.slice(end);
}

function offsets({ start, end }: Location, source: string): [start: number, end: number] {
  const lines = source.split('\n');
  const before = (line: number) =>
    lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);
  return [before(start.line) + start.column, before(end.line) + end.column];
}

/** All mutants below a folder; lines and columns begin at 0. */
export async function listMutants(room = ''): Promise<readonly Mutant[]> {
  const found = await Promise.all(rooms.map((dir) => readdir(dir, { recursive: true })));
  const files = found
    .flatMap((names, index) => names.map((name) => join(rooms[index] ?? '', name)))
    .filter((file) => file.endsWith('.ts') && !notMutated.test(file) && `${file}/`.startsWith(room))
    .sort();
  const sources = files.map(async (name) => ({
    name,
    mutate: true,
    content: await readFile(name, 'utf8'),
  }));
  const options = { ignorers: [], excludedMutations: [], plugins: null };
  return (await new Instrumenter(logger).instrument(await Promise.all(sources), options)).mutants;
}

/** Draws `size` mutants; the same seed draws the same ones from the same code. */
export function draw(mutants: readonly Mutant[], size: number, seed: number): readonly Mutant[] {
  const rest = [...mutants];
  const random = mulberry32(seed);
  const count = Math.min(size, rest.length);
  return Array.from({ length: count }, () => rest.splice(random() * rest.length, 1)).flat();
}

/** A small generator of numbers from 0 to 1 (without 1) that can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
