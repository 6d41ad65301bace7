import type { MaybePromise } from '../ports/maybe-promise.ts';
import type { ChargeRequest, ChargeResult, UsageWindow } from '../ports/rate-limit-store.ts';

/**
 * Counts a charge with an idempotency key that was allowed without the store, unless the key shows that it
 * is counted already.
 */
export async function countKeyed(
  { partition, windows }: ChargeRequest,
  isOnce: (key: string) => boolean,
  count: (request: ChargeRequest) => MaybePromise<ChargeResult>,
): Promise<void> {
  // The limits bind what is asked for, not what has happened.
  const past = windows.map((window) => (isOnce(window.key) ? window : { ...window, limit: null }));
  const { allowed, used } = await count({ partition, windows: past });
  const wasCounted = ({ key, cost }: UsageWindow, index: number) =>
    !isOnce(key) || used[index] === cost;
  if (allowed || windows.every(wasCounted)) return;
  // Another call has used the key elsewhere, and what was allowed here has happened as well.
  await count({ partition, windows: past.filter(({ key }) => !isOnce(key)) });
}
