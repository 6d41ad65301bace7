import { quantile } from '../extract/measure.ts';

/** Something to be timed, a round at a time. */
export interface Contender {
  readonly name: string;
  /** What a round needs and is not timed. */
  prepare?(): Promise<unknown>;
  /** One round; how many operations it made. */
  run(): Promise<number>;
}

/** Microseconds per operation. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** The costs of every round, by contender. */
export type Rounds = ReadonlyMap<string, readonly Cost[]>;

const warmUp = 5;

/** Times every contender once a round, in rotating order; see `test/bench/extract/measure.ts`. */
export async function interleave(
  contenders: readonly Contender[],
  rounds: number,
): Promise<Rounds> {
  const costs = new Map<string, Cost[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(turn + round + warmUp) % contenders.length];
      if (!contender) continue;
      await contender.prepare?.();
      const cost = await costOf(contender);
      if (round >= 0) costs.get(contender.name)?.push(cost);
    }
  }
  return costs;
}

async function costOf(contender: Contender): Promise<Cost> {
  const [cpuBefore, wallBefore] = [process.cpuUsage(), performance.now()];
  const operations = await contender.run();
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    wall: ((performance.now() - wallBefore) * 1_000) / operations,
    cpu: (user + system) / operations,
  };
}

/** A demand of the performance goals: ours beside another contender of the same rounds. */
export interface Goal {
  readonly id: string;
  readonly ours: string;
  readonly peer: string;
  readonly by: keyof Cost;
  /** The most that ours may be of the peer's; a control has none. */
  readonly most?: number;
}

const controlBand = 0.25;

/** Prints the costs and whether the goals are met: by three rounds of four. */
export function report(title: string, rounds: Rounds, goals: readonly Goal[]): void {
  console.log(`\n${title}; µs per operation, median (p25-p75)`);
  for (const [name, costs] of rounds) {
    const shown = (['wall', 'cpu'] as const).map(
      (by) => `${by} ${spread(costs.map((cost) => cost[by]))}`,
    );
    console.log(`  ${name.padEnd(34)} ${shown.join('   ')}`);
  }
  for (const goal of goals) console.log(`  ${verdict(rounds, goal)}`);
}

function verdict(rounds: Rounds, { id, ours, peer, by, most }: Goal): string {
  const peers = rounds.get(peer) ?? [];
  const ratios = (rounds.get(ours) ?? []).map(
    (cost, round) => cost[by] / (peers[round]?.[by] ?? Number.NaN),
  );
  const [median, high] = [quantile(ratios, 0.5), quantile(ratios, 0.75)];
  const start = `${id} | ${ours} : ${peer}, ${by} | ${spread(ratios, 4)}`;
  if (most === undefined) {
    const holds = Math.abs(median - 1) <= controlBand;
    return `${start} | 1 ± ${controlBand} | ${holds ? 'holds' : 'the run is void'}`;
  }
  const met = high <= most ? 'met' : median <= most ? 'met by the median' : 'NOT MET';
  return `${start} | <= ${most} | ${met}`;
}

function spread(values: readonly number[], digits = 1): string {
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(values, share));
  return `${median?.toFixed(digits)} (${low?.toFixed(digits)}-${high?.toFixed(digits)})`;
}
