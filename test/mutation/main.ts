import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Mutant, MutantResult } from '@stryker-mutator/api/core';
import { firstPass } from './first-pass.ts';
import { draw, keyOf, listMutants, roomOf } from './mutants.ts';
import { openCopy } from './second-pass.ts';

const reportFile = join(import.meta.dirname, 'report.json');

/** One mutant, and what noticed it; `by` is absent when nothing did. */
interface Verdict {
  readonly room: string;
  readonly key: string;
  readonly mutant: Mutant;
  pass: 'first' | 'timeout' | 'second' | 'survived';
  by?: string | undefined;
}

const { values } = parseArgs({
  options: {
    room: { type: 'string', default: '' },
    sample: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
  },
});

const all = await listMutants(values.room);
const drawn = draw(all, Number(values.sample), Number(values.seed));
console.log(`${drawn.length} of ${all.length} mutants, seed ${values.seed}`);
const verdicts = (await firstPass(drawn)).map(toVerdict);
await writeFile(reportFile, JSON.stringify(verdicts, null, 2));

const left = verdicts.filter(({ pass }) => pass === 'survived');
console.log(`left for the second pass: ${left.length}`);
for (const { key } of left) console.log(`  ${key}`);

const copy = await openCopy();
try {
  for (const verdict of left) {
    verdict.by = await copy.judge(verdict.mutant);
    if (verdict.by === undefined) console.log(`survived: ${verdict.key}`);
    else verdict.pass = 'second';
    await writeFile(reportFile, JSON.stringify(verdicts, null, 2));
  }
} finally {
  await copy.remove();
}
printScores();

function toVerdict(result: MutantResult): Verdict {
  const { fileName, location, mutatorName, replacement } = result;
  const mutant = { id: result.id, fileName, location, mutatorName, replacement };
  return { room: roomOf(fileName), key: keyOf(result), mutant, ...passOf(result) };
}

function passOf({ status, killedBy, statusReason }: MutantResult): Pick<Verdict, 'pass' | 'by'> {
  if (['Survived', 'NoCoverage', 'Ignored'].includes(status)) return { pass: 'survived' };
  if (status === 'Timeout') return { pass: 'timeout', by: statusReason };
  return { pass: 'first', by: killedBy?.[0] ?? statusReason };
}

/** The score of a room: how many of 100 mutants something noticed. */
function printScores(): void {
  const rooms = [...Map.groupBy(verdicts, ({ room }) => room)].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = [...rooms, ['all', verdicts] as const].map(([room, of]) => {
    const count = (pass: Verdict['pass']) => of.filter((verdict) => verdict.pass === pass).length;
    const survived = count('survived');
    return {
      room,
      mutants: of.length,
      'first pass': count('first'),
      timeout: count('timeout'),
      'second pass': count('second'),
      survived,
      score: Math.round((100 * (of.length - survived)) / of.length),
    };
  });
  console.table(rows);
}
