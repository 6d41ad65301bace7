import { randomBytes } from 'node:crypto';
import type { RandomSource } from '../ports/random-source.ts';

/** The machine's cryptographically secure random bytes. */
export const systemRandom: RandomSource = (length) => randomBytes(length);
