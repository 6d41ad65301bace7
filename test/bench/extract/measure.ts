/** Something to be timed. */
export interface Contender {
  readonly name: string;
  readonly run: () => unknown;
}

/** CPU milliseconds of every round, in order. */
export type Rounds = ReadonlyMap<string, readonly number[]>;

// Of CPU time that a contender gets in a round: less says more about what else the process does.
const turnMs = 25;

/**
 * Times every contender once a round, in rotating order, after a warm-up; what is quick is repeated,
 * and counts by its mean. Figures of one round share the machine's mood, so that only their ratios
 * mean anything.
 */
export function interleave(contenders: readonly Contender[], rounds: number): Rounds {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const warmUp = 5;
  for (let round = -warmUp; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(turn + round + warmUp) % contenders.length];
      if (!contender) continue;
      const spent = meanCpuTime(contender.run);
      if (round >= 0) times.get(contender.name)?.push(spent);
    }
  }
  return times;
}

/** CPU milliseconds of one call. */
export function cpuTime(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function meanCpuTime(run: () => unknown): number {
  let spent = 0;
  let times = 0;
  while (spent < turnMs) {
    spent += cpuTime(run);
    times++;
  }
  return spent / times;
}

/** A value below which the given share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}

/** The ratio of two contenders, round by round. */
export function ratios(rounds: Rounds, of: string, to: string): readonly number[] {
  const divisors = rounds.get(to) ?? [];
  return (rounds.get(of) ?? []).map((value, round) => value / (divisors[round] ?? Number.NaN));
}
