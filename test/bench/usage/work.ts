import type { RateLimitStore } from '../../../src/index.ts';
import type { Contender } from '../invite/rounds.ts';

/** Charges one unit of a user; the answer may have to be waited for. */
export type Charge = (user: string) => unknown;

/** Where both windows are charged: the most a day and the most a month, never reached. */
export const most = { day: 1e9, month: 1e9 };

const keepMs = 31 * 24 * 3_600_000;

/** Day and month of a user, as the manager would ask for them. */
export const chargeBoth =
  (store: RateLimitStore, partition = 'acme'): Charge =>
  (user) =>
    store.consume({
      partition,
      windows: [
        { key: `u/2026-11-24//${user}`, cost: 1, limit: most.day, keepMs },
        { key: `u/2026-11//${user}`, cost: 1, limit: most.month, keepMs },
      ],
    });

/** How many users take turns, how many charges a round makes, and how many of them at once. */
export interface Load {
  readonly users: number;
  readonly charges: number;
  readonly atOnce: number;
}

/** The slowest of a hundred charges, in milliseconds, of every round. */
export const slowest = new Map<string, number[]>();

/** A contender that charges, `atOnce` at a time. */
export function charging(name: string, charge: Charge, load: Load): Contender {
  const { users, charges, atOnce } = load;
  const names = Array.from({ length: users }, (_, index) => `user-${index}`);
  let next = 0;
  return {
    name,
    async run() {
      const waits: number[] = [];
      const end = next + charges;
      const caller = async () => {
        while (next < end) {
          next += 1;
          // Spreads over all of them, in no order that an index would like.
          const user = names[(next * 7919) % users] ?? '';
          const start = atOnce > 1 ? performance.now() : 0;
          await charge(user);
          if (atOnce > 1) waits.push(performance.now() - start);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, caller));
      waits.sort((a, b) => a - b);
      const p99 = waits[Math.floor((waits.length - 1) * 0.99)] ?? Number.NaN;
      slowest.set(name, [...(slowest.get(name) ?? []), p99]);
      return charges;
    },
  };
}
