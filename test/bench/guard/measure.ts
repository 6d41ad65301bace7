import { quantile } from '../extract/measure.ts';

/** Something to be timed: runs so many requests, one after the other. */
export interface Contender {
  readonly name: string;
  run(requests: number): Promise<void>;
}

/** CPU microseconds of a request, of every round, by contender. */
export type Times = ReadonlyMap<string, readonly number[]>;

/**
 * Times every contender once a round, in rotating order, after a warm-up. Figures of one round share
 * the machine's mood, so that only their ratios mean anything.
 */
export async function interleave(
  contenders: readonly Contender[],
  { rounds, requests }: { readonly rounds: number; readonly requests: number },
): Promise<Times> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const warmUp = 5;
  for (let round = 0; round < rounds + warmUp; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(turn + round) % contenders.length];
      if (!contender) continue;
      const before = process.cpuUsage();
      await contender.run(requests);
      const { user, system } = process.cpuUsage(before);
      if (round >= warmUp) times.get(contender.name)?.push((user + system) / requests);
    }
  }
  return times;
}

/** What a goal compares: what is added to a base, ours beside a peer's. */
export interface Goal {
  readonly id: string;
  readonly ours: string;
  readonly peer: string;
  /** The most that our share may be of the peer's. */
  readonly most: number;
}

const spread = (values: readonly number[], digits = 2) => {
  const [low = 0, median = 0, high = 0] = [0.25, 0.5, 0.75].map((share) => quantile(values, share));
  return `${median.toFixed(digits)} (${low.toFixed(digits)}-${high.toFixed(digits)})`;
};

/** Prints what each contender adds to the base, and the goals. */
export function report(times: Times, base: string, goals: readonly Goal[]): void {
  const bases = times.get(base) ?? [];
  const added = (name: string) =>
    (times.get(name) ?? []).map((time, round) => time - (bases[round] ?? Number.NaN));
  console.log(`  ${base}: ${spread(bases)} µs`);
  for (const name of times.keys()) {
    if (name !== base) console.log(`  ${name.padEnd(44)} +${spread(added(name))} µs`);
  }
  console.log('  goal | peer | ours, µs added | ratio: median (p25-p75) | demand | met');
  for (const { id, ours, peer, most } of goals) {
    const peers = added(peer);
    const shares = added(ours).map((time, round) => time / (peers[round] ?? Number.NaN));
    // A goal is met when three quarters of the rounds meet it; a control, when the median is near 1.
    const isControl = id === 'A/A';
    const met = isControl
      ? Math.abs(quantile(shares, 0.5) - 1) <= 0.15
      : quantile(shares, 0.75) <= most;
    console.log(
      `  ${id} | ${peer} +${quantile(peers, 0.5).toFixed(2)} | ${ours} +${quantile(added(ours), 0.5).toFixed(2)} | ` +
        `${spread(shares)} | ${isControl ? '0.85-1.15' : `<= ${most}`} | ${met ? 'met' : 'NOT MET'}`,
    );
  }
}
