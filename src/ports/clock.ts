/** Time, handed in so that a test can hold it still and a replay can repeat it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /**
   * Runs `task` once after `delayMs`, without keeping the process alive for it.
   * Returns a function that calls it off.
   */
  schedule(task: () => void, delayMs: number): () => void;
}
