import type { ChargeRequest, ChargeResult } from '../../../src/index.ts';
import { type CounterName, hasRoom } from './counter.ts';

/** Guesses which charges will be refused. What an answer costs depends on it, never the answer. */
export interface Refusals {
  expects(request: ChargeRequest): boolean;
  note(request: ChargeRequest, result: ChargeResult): void;
}

const mostKept = 1000;

/** Remembers the limits that refused last. */
export function createRefusals(): Refusals {
  const limits = new Map<string, number>();

  function keep(id: string, limit: number): void {
    limits.delete(id);
    limits.set(id, limit);
    if (limits.size <= mostKept) return;
    const [oldest = ''] = limits.keys();
    limits.delete(oldest);
  }

  return {
    expects: ({ partition, windows }) =>
      windows.some(
        ({ key, cost, limit }) =>
          cost > 0 &&
          limit !== null &&
          (cost > limit || (limits.size > 0 && limits.get(idOf({ partition, key })) === limit)),
      ),
    note({ partition, windows }, { used }) {
      for (const [index, window] of windows.entries()) {
        const { key, limit } = window;
        if (limit !== null && !hasRoom(window, used[index] ?? 0)) {
          keep(idOf({ partition, key }), limit);
        }
      }
    },
  };
}

/** A string for the name; another name has another one. */
function idOf({ partition, key }: CounterName): string {
  return `${partition.length}:${partition}${key}`;
}
