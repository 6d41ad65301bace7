import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import { describeEach } from '../fixtures/servers.ts';
import { anyCall, collidingCall, invitedOpening, opening } from './arbitrary-calls.ts';
import { collide } from './collide.ts';
import { type Engine, modelEngines, type OpenDatabase } from './databases.ts';
import { keptCollisions, keptSequences } from './kept.ts';
import type { Call } from './operations.ts';
import { inspect, openStage, play, type Stage } from './stage.ts';
import type { World } from './world.ts';

// OUM_THOROUGH=1 is for the night: thousands of runs on every engine.
const thorough = Boolean(process.env.OUM_THOROUGH);
const runsOn = ({ runs }: Engine) => (thorough ? 3000 : runs);
// A failure is made small before it is told, which takes longer than finding it.
const timeout = thorough ? 3_600_000 : 300_000;

const sequence = fc.commands([anyCall.map(toCommand)], { maxCommands: 40, size: 'max' });
const collisions = fc.record({
  before: fc.array(anyCall, { maxLength: 6, size: 'max' }),
  batches: fc.array(fc.array(collidingCall, { minLength: 2, maxLength: 4, size: 'max' }), {
    minLength: 1,
    maxLength: 3,
    size: 'max',
  }),
});

describeEach(modelEngines())('on $name', (engine) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await engine.open();
  }, 60_000);
  afterAll(() => database.close());

  async function begin(calls: readonly Call[]): Promise<Stage> {
    const stage = openStage(database);
    for (const call of calls) await play(stage, call);
    return stage;
  }

  test.each(keptSequences)('still $reason', async ({ calls }) => {
    await inspect(await begin(calls));
  });

  test.each(keptCollisions)('still $reason, in any order', { timeout }, async (kept) => {
    const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const stage = await begin(kept.before);
      await collide(stage, kept.calls, scheduler);
      for (const call of kept.after ?? []) await play(stage, call);
      await inspect(stage);
    });
    // A fixed seed: these orders are known to show the failure.
    await fc.assert(property, { numRuns: 12, seed: 1 });
  });

  test('calls one after another are answered as the rules say', { timeout }, async () => {
    const property = fc.asyncProperty(opening, sequence, async (calls, commands) => {
      const stage = await begin(calls);
      await fc.asyncModelRun(() => ({ model: stage.world, real: stage }), commands);
      await inspect(stage);
    });
    await check(property, runsOn(engine));
  });

  test('calls at once are answered as if made in some order', { timeout }, async () => {
    const property = fc.asyncProperty(
      fc.scheduler(),
      invitedOpening,
      collisions,
      async (scheduler, calls, { before, batches }) => {
        const stage = await begin([...calls, ...before]);
        for (const batch of batches) await collide(stage, batch, scheduler);
        await inspect(stage);
      },
    );
    await check(property, runsOn(engine));
  });
});

function toCommand(call: Call): fc.AsyncCommand<World, Stage> {
  return {
    check: () => true,
    run: (_, stage) => play(stage, call),
    toString: () => JSON.stringify(call),
  };
}

/** The report names seed, path and the smallest calls that fail. */
async function check<Values>(property: fc.IAsyncProperty<Values>, numRuns: number): Promise<void> {
  const details = await fc.check(property, { numRuns });
  if (!details.failed) return;
  const report = await fc.asyncDefaultReportMessage(details);
  throw new Error(`${report}\n\nKeep the calls: add them to test/model/kept.ts.`, {
    cause: details.errorInstance,
  });
}
