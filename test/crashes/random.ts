/** Numbers from 0 up to 1 that look random; the same seed gives the same ones. Mulberry32. */
export type Random = () => number;

/** Numbers from a seed, 0 to 2^32 - 1. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The run's seed: `OUM_SEED`, or another one each time. */
export const seed = Number(process.env.OUM_SEED ?? Math.floor(Math.random() * 2 ** 32));
