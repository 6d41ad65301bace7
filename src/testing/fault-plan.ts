import { setTimeout as pause } from 'node:timers/promises';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import { type Fault, InjectedFault } from './injected-fault.ts';

/** Carries out a call, or lets it meet what the plan has for it. */
export type Meet = <T>(operation: string, call: () => MaybePromise<T>) => Promise<T>;

/** What to inject, how often, and where. */
export interface FaultPlan {
  readonly seed: number;
  readonly rate: number;
  readonly faults: readonly Fault[];
  readonly operations: readonly string[] | undefined;
}

/**
 * Makes the plan come true. Every operation draws from a sequence of its own, so that its nth call
 * meets the same whatever runs beside it.
 */
export function followPlan({ seed, rate, faults, operations }: FaultPlan): Meet {
  const sequences = new Map<string, () => number>();
  const draw = (operation: string) => {
    const sequence = sequences.get(operation) ?? mulberry32(seed ^ hash(operation));
    sequences.set(operation, sequence);
    return sequence();
  };
  const faultFor = (operation: string) => {
    if (operations && !operations.includes(operation)) return undefined;
    const isHit = draw(operation) < rate;
    const fault = faults[Math.floor(draw(operation) * faults.length)];
    return isHit ? fault : undefined;
  };
  return async (operation, call) => {
    const fault = faultFor(operation);
    if (fault === 'error-before' || fault === 'drop') throw new InjectedFault(operation, fault);
    if (fault === 'delay') await pause(1 + Math.floor(draw(operation) * 4));
    const result = await call();
    if (fault === 'error-after') throw new InjectedFault(operation, fault);
    return result;
  };
}

/** Numbers from 0 up to 1 that only depend on the seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function hash(text: string): number {
  let value = 0;
  for (const character of text) value = (Math.imul(value, 31) + character.charCodeAt(0)) | 0;
  return value;
}
