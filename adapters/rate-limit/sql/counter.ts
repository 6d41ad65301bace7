import type { UsageWindow } from '../../../src/index.ts';

/** Which counter: of what organization, and under what name there. */
export interface CounterName {
  readonly partition: string;
  readonly key: string;
}

/** What a charge does to one counter. */
export interface CounterChange extends CounterName {
  readonly change: number;
  /** The most that it may leave in the counter; `null` = no limit. */
  readonly cap: number | null;
  readonly keepMs: number;
}

/** Whether a counter that holds `used` can take the charge. */
export function hasRoom({ cost, limit }: Pick<UsageWindow, 'cost' | 'limit'>, used: number) {
  return cost < 0 || used + cost <= (limit ?? Number.MAX_SAFE_INTEGER);
}
