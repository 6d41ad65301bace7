import { findBreaches } from '../fixtures/invariants.ts';
import type { CallReport } from '../fixtures/worker-commands.ts';
import type { Stadium } from './open-stadium.ts';
import { createArena, type Race, type Side } from './race.ts';

/** What a row of the table says. */
export interface RaceResult {
  readonly runs: number;
  /** Runs in which calls of two processes were under way at the same time. */
  readonly overlapped: number;
  /** How often each side won, by its label. */
  readonly won: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}

interface Repetition {
  readonly orgId: string;
  readonly sides: readonly Side[];
  readonly reports: readonly CallReport[];
}

// Organizations that are raced on at the same time.
const lanes = 3;
// Calls that miss each other do not count as a repetition: so many runs are made for each, at most.
const mostRuns = 5;

/** Runs a race on fresh organizations, then reads what is stored of each of them. */
export async function runRace(stadium: Stadium, race: Race, name: string): Promise<RaceResult> {
  const { repetitions = 60, pendingLimit = 1000 } = race;
  const done: Repetition[] = [];
  let begun = 0;
  const runLane = async () => {
    while (done.filter(overlaps).length < repetitions && begun < repetitions * mostRuns) {
      begun += 1;
      const turn = begun;
      done.push(await repeat(stadium, race, { orgId: `${name}-${turn}`, turn }));
    }
  };
  await Promise.all(Array.from({ length: lanes }, runLane));
  const stored = await stadium.readFacts(done.map(({ orgId }) => orgId));
  const factsOf = new Map(stored.map((facts) => [facts.organization.id, facts]));
  const won = new Map<string, number>();
  const violations: string[] = [];
  for (const repetition of done) {
    const winners = race.winners(repetition.reports.map(({ outcome }) => outcome));
    for (const { label } of repetition.sides) won.set(label, won.get(label) ?? 0);
    for (const { label } of placed(repetition.sides, winners ?? [])) {
      won.set(label, Number(won.get(label)) + 1);
    }
    violations.push(...faultsOf(repetition, winners));
    const facts = factsOf.get(repetition.orgId);
    violations.push(...(facts ? findBreaches(facts, { pendingLimit }) : ['nothing is stored']));
  }
  return {
    runs: done.length,
    overlapped: done.filter(overlaps).length,
    won: Object.fromEntries(won),
    violations,
  };
}

function placed<T>(all: readonly T[], places: readonly number[]): readonly T[] {
  return all.filter((_, place) => places.includes(place));
}

/** What is wrong with the outcomes: they contradict each other, or the order of the calls. */
function faultsOf(
  { orgId, reports }: Repetition,
  winners: readonly number[] | undefined,
): readonly string[] {
  if (!winners) {
    return [`${orgId}: ${[...new Set(reports.map(({ outcome }) => outcome))].join(' + ')}`];
  }
  const first = reports.findIndex(({ endedAt }, place) =>
    reports.every(({ startedAt }, other) => other === place || endedAt < startedAt),
  );
  if (first === -1 || winners.includes(first)) return [];
  return [`${orgId}: a call was over before the others began, and they did not see it`];
}

async function repeat(
  { manager, workers }: Stadium,
  race: Race,
  { orgId, turn }: { readonly orgId: string; readonly turn: number },
): Promise<Repetition> {
  const { pendingLimit = 1000, memberLimit = null } = race;
  const sides = await race.prepare(await createArena(manager, orgId, memberLimit));
  // Time enough for the last process to hear of it.
  const at = process.hrtime.bigint() + 3_000_000n + 100_000n * BigInt(sides.length);
  const asked: Promise<CallReport>[] = [];
  for (const index of sides.keys()) {
    // Each side is asked first in turn, since calls in one process take turns, and by each process in turn.
    const place = (index + turn) % sides.length;
    const worker = workers[(turn + place) % workers.length];
    const side = sides[place];
    if (!worker || !side) throw new Error('there are no workers');
    const { call, by } = side;
    asked[place] = worker.ask<CallReport>({
      do: 'call',
      orgId,
      by,
      at,
      call,
      pendingInvitationLimit: pendingLimit,
    });
  }
  const reports = await Promise.all(asked);
  return { orgId, sides, reports };
}

function overlaps({ reports }: Repetition): boolean {
  const inOrder = reports.toSorted((a, b) => Number(a.startedAt - b.startedAt));
  return inOrder.some(({ endedAt }, index) => {
    const next = inOrder[index + 1];
    return next !== undefined && next.startedAt < endedAt;
  });
}
