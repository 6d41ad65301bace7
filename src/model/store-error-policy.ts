/**
 * What happens to charges while the store of the counters cannot be asked.
 *
 * - `closed`: they end with `usage_unavailable` (503).
 * - `open`: they are allowed, unless what this process has allowed meanwhile fills a limit by itself.
 * - `{ boundedOpen: n }`: the same, and each process allows a member at most `n` units in each day and
 *   month.
 */
export type StoreErrorPolicy =
  | 'closed'
  | 'open'
  | {
      /** Units, an integer from 1 to 2^53 - 1. */
      readonly boundedOpen: number;
    };
