import { isDeepStrictEqual } from 'node:util';
import { isOrgUserManagerError } from 'org-user-manager';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedEngines } from '../fixtures/places.ts';
import { describeEach } from '../fixtures/servers.ts';
import { type InterruptedCall, interruptedCalls } from './interrupted-calls.ts';
import { openStage, type Stage } from './open-stage.ts';
import type { Cut } from './severed-line.ts';
import type { Snapshot } from './snapshot.ts';

const rows: string[] = [];
const errors = new Map<string, number>();
const servers = sharedEngines().filter(({ name }) => name !== 'SQLite');

describeEach(servers)('on $name', (engine) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(engine);
  });

  afterAll(() => stage.leave());

  test.each(interruptedCalls)('$name', { timeout: 60_000 }, async (call) => {
    await stage.reset();
    const { result, statements } = await stage.watch(() => call.make(stage));
    expect(result.status).toBe('fulfilled');
    const after = await stage.read();
    expect(after).not.toEqual(stage.before);

    const found = { undone: 0, done: 0, 'half done': 0 };
    const faults: string[] = [];
    for (const cut of everyCut(statements)) {
      const { state, wrong } = await interrupt(stage, { call, cut, after });
      found[state] += 1;
      // What has no commit behind it was never there; what has it stays.
      const isLast = cut.moment === 'unanswered' && cut.at === statements;
      if (state !== (isLast ? 'done' : 'undone')) wrong.push(`it is ${state}`);
      faults.push(...wrong.map((what) => `${cut.moment} ${cut.at} of ${statements}: ${what}`));
    }
    rows.push(
      line([call.name, engine.name, statements, found.undone, found.done, found['half done']]),
    );
    expect(faults).toEqual([]);
  });
});

afterAll(() => {
  const head = line(['call', 'engine', 'statements', 'undone', 'done', 'half done']);
  const said = [...errors].map(([error, count]) => `${count} x ${error}`);
  console.log(`\n${[head, ...rows, ...said].join('\n')}\n`);
});

function everyCut(statements: number): readonly Cut[] {
  return Array.from({ length: statements }, (_, index) => index + 1).flatMap((at) => [
    { at, moment: 'unsent' },
    { at, moment: 'unanswered' },
  ]);
}

interface Interruption {
  readonly call: InterruptedCall;
  readonly cut: Cut;
  /** What is stored when nothing is cut. */
  readonly after: Snapshot;
}

/** Cuts the connection of a call, looks at what is left, and makes the call again. */
async function interrupt(stage: Stage, { call, cut, after }: Interruption) {
  await stage.reset();
  const { result } = await stage.watch(() => call.make(stage), cut);
  const wrong = [...(await stage.findBreaches())];
  if (result.status === 'fulfilled') wrong.push('the call did not fail');
  else countError(nameOf(result.reason));
  const left = await stage.read();
  if (isDeepStrictEqual(left, after)) {
    const again = await call.make(stage).catch(nameOf);
    if (again !== call.again) wrong.push(`repeated, it says ${again}`);
    wrong.push(...(await stage.findBreaches()));
    return { state: 'done' as const, wrong };
  }
  const state: 'undone' | 'half done' = isDeepStrictEqual(left, stage.before)
    ? 'undone'
    : 'half done';
  stage.rewindIds();
  const again = await call.make(stage).catch(nameOf);
  if (!isDeepStrictEqual(await stage.read(), after)) {
    wrong.push(`repeated, it says ${again}, and does something else`);
  }
  return { state, wrong };
}

function countError(name: string): void {
  errors.set(name, (errors.get(name) ?? 0) + 1);
}

function nameOf(error: unknown): string {
  if (isOrgUserManagerError(error)) return error.code;
  return `${error} (${Object(error).code ?? 'no code'})`;
}

function line(cells: readonly (string | number)[]): string {
  return cells.map((cell, index) => String(cell).padEnd([20, 12, 12, 8, 6][index] ?? 0)).join(' ');
}
