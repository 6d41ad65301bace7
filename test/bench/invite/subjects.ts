import type { Engine } from './engines.ts';
import { type Ours, openOurs } from './ours.ts';
import { openPeer, type Peer } from './peer.ts';
import { openRaw } from './raw.ts';

/** Everybody, each with a database of its own on the same engine. */
export interface Subjects {
  readonly engine: Engine;
  readonly ours: Ours;
  readonly peer: Peer;
  readonly raw: Awaited<ReturnType<typeof openRaw>>;
}

export async function openSubjects(engine: Engine): Promise<Subjects> {
  return {
    engine,
    ours: await openOurs(await engine.open()),
    peer: await openPeer(engine, await engine.open()),
    raw: await openRaw(engine, await engine.open()),
  };
}

/** Runs a task for each item, so many at once. */
export async function inParallel<T>(
  items: readonly T[],
  concurrency: number,
  task: (item: T) => Promise<unknown>,
): Promise<void> {
  const rest = items.values();
  const work = async () => {
    for (const item of rest) await task(item);
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}
