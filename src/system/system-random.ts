import type { RandomSource } from '../ports/random-source.ts';

// A call to the system costs as much as 40 ids: each fills a pool that serves many.
const poolBytes = 4096;
let pool = new Uint8Array(0);
let used = 0;

/** The machine's cryptographically secure random bytes. Each byte is handed out once. */
export const systemRandom: RandomSource = (length) => {
  if (length > poolBytes) return crypto.getRandomValues(new Uint8Array(length));
  if (used + length > pool.length) {
    pool = crypto.getRandomValues(new Uint8Array(poolBytes));
    used = 0;
  }
  const bytes = pool.slice(used, used + length);
  pool.fill(0, used, used + length);
  used += length;
  return bytes;
};
