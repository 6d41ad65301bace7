/** Whoever waits for the answer to a call. */
export interface Caller {
  /** Whether it has stopped waiting: there was no answer in time. */
  readonly isGone: boolean;
  /**
   * For how much longer it waits, in milliseconds: 0 once it has stopped, `Infinity` when it waits as
   * long as it takes. An adapter tells its database to give up by then.
   */
  readonly remainingMs: number;
}
