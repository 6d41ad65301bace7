import { isDeepStrictEqual } from 'node:util';
import type fc from 'fast-check';
import type { MaybePromise, Storage } from 'org-user-manager';
import { fill } from './fill.ts';
import type { Call } from './operations.ts';
import type { Outcome } from './outcome.ts';
import { openReal } from './real.ts';
import { begin, type Progress, predict } from './rules.ts';
import { look, type Stage } from './stage.ts';
import type { World } from './world.ts';

/**
 * Makes calls at once; the scheduler decides whose storage operation is next. The outcomes and what
 * is stored afterwards have to be those of the calls in some order, one after the other.
 */
export async function collide(
  stage: Stage,
  calls: readonly Call[],
  scheduler: fc.Scheduler,
): Promise<void> {
  const { database, clock, world, prefix } = stage;
  const perform = openReal(inTurns(database.storage, scheduler), clock);
  const filled = calls.map((call) => fill(call, world, prefix));
  const outcomes = await scheduler.waitFor(Promise.all(filled.map((call) => perform(call))));
  const made = filled.map((call, index) => ({ call, actual: outcomes[index] ?? { answer: null } }));
  const sights = await look(stage);
  const open = made.map(({ call, actual }) => ({
    actual,
    next: (now: World) => begin(now, call, actual),
  }));
  const isSeen = (now: World) =>
    sights.every(({ call, actual }) => isDeepStrictEqual(predict(now, call, actual), actual));
  const after = findOrder(world, open, isSeen);
  if (!after) {
    throw new Error(`no order of the calls explains ${JSON.stringify({ made, sights }, null, 1)}`);
  }
  stage.world = after;
}

/** Storage operations take turns; a transaction is one, as the port promises that none overlap. */
function inTurns(storage: Storage, scheduler: fc.Scheduler): Storage {
  const inTurn = <T>(label: string, work: () => MaybePromise<T>) =>
    new Promise<T>((resolve, reject) => {
      const builder = async () => work();
      scheduler.scheduleSequence([{ label, builder: () => builder().then(resolve, reject) }]);
    });
  const { rateLimits } = storage;
  return {
    ...storage,
    load: (query) => inTurn('load', () => storage.load(query)),
    findInvitation: (id) => inTurn('findInvitation', () => storage.findInvitation(id)),
    transaction: (orgId, work) => inTurn('transaction', () => storage.transaction(orgId, work)),
    rateLimits: {
      ...rateLimits,
      consume: (request) => inTurn('consume', () => rateLimits.consume(request)),
    },
  };
}

interface OpenCall {
  readonly actual: Outcome;
  next(world: World): Progress;
}

/** The world after an order of the calls in which each ends as it did, or nothing. */
function findOrder(
  world: World,
  open: readonly OpenCall[],
  isSeen: (world: World) => boolean,
): World | undefined {
  if (open.length === 0) return isSeen(world) ? world : undefined;
  for (const [index, { actual, next }] of open.entries()) {
    const after = structuredClone(world);
    const progress = next(after);
    const rest =
      typeof progress === 'function'
        ? open.with(index, { actual, next: progress })
        : open.toSpliced(index, 1);
    const isPossible = typeof progress === 'function' || isDeepStrictEqual(progress, actual);
    const found = isPossible && findOrder(after, rest, isSeen);
    if (found) return found;
  }
  return undefined;
}
