import type { Place } from '../fixtures/place.ts';

/** Where processes count. */
export type CounterPlace = {
  /** Whether each process leases its units. */
  readonly isLeased?: boolean;
} & (
  | { readonly kind: 'storage'; readonly place: Place }
  | {
      readonly kind: 'redis';
      readonly client: string;
      /** Of the server, or of every node of a cluster. */
      readonly urls: readonly string[];
    }
);

/**
 * How a charge is made: `atomic` is ours; `check then record` is what it must not be, a look at the
 * counter and then an increment; the peer is there to compare.
 */
export type Way = 'atomic' | 'check then record' | 'rate-limiter-flexible';

/** What a process can be told: to open a store in place of the last one, and to charge it. */
export type ChargeCommand =
  | { readonly do: 'open'; readonly counters: CounterPlace }
  | {
      readonly do: 'charge';
      readonly way: Way;
      readonly partition: string;
      readonly limit: number;
      /** What the process asks for, and how many charges it makes at once. */
      readonly costs: readonly number[];
      readonly atOnce: number;
    }
  | { readonly do: 'close' };

/** What came of the charges of one process. */
export interface ChargeReport {
  /** Units that were allowed. */
  readonly units: number;
  readonly refused: number;
}

/** The counters of one charge; the first one has the limit. */
export const counterKeys = ['month', 'activity'];
