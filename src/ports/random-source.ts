/** Cryptographically secure random bytes, handed in so that a replay can repeat them. */
export type RandomSource = (length: number) => Uint8Array;
