/** Whoever waits for the answer to a call. */
export interface Caller {
  /** Whether it has stopped waiting: there was no answer in time. */
  readonly isGone: boolean;
}
