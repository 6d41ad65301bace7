import type { RandomSource } from '../ports/random-source.ts';

/** The machine's cryptographically secure random bytes. */
export const systemRandom: RandomSource = (length) =>
  crypto.getRandomValues(new Uint8Array(length));
