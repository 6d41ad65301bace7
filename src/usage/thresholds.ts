import type { Context } from '../context.ts';
import type { UsageWindow } from '../ports/rate-limit-store.ts';
import { commit } from '../transactions/commit.ts';
import { type Mark, reaches } from './marks.ts';

/** Units that were just charged. */
export interface Charged {
  readonly orgId: string;
  readonly userId: string;
  readonly cost: number;
  /** The day and month of the member, then of the organization. */
  readonly windows: readonly Pick<UsageWindow, 'key' | 'expiresAt'>[];
  /** What they hold since. */
  readonly used: readonly number[];
}

/**
 * Tells of the shares of a limit that this charge has reached. Counters move in one step, so of
 * charges made at once one crosses each mark; and since units can come back and be charged again, a
 * counter with room for one lets each mark be told once in a window.
 */
export async function announceThresholds(
  context: Context,
  charged: Charged,
  marks: readonly Mark[],
): Promise<void> {
  const { used, cost } = charged;
  const reached = marks.filter((mark) => reaches(mark, used, cost));
  await Promise.all(reached.map((mark) => announce(context, charged, mark)));
}

async function announce(
  context: Context,
  { orgId, userId, windows, used }: Charged,
  { policy, index, limit, percent, resetsAt }: Mark,
): Promise<void> {
  const { key: counter = '', expiresAt = resetsAt } = windows[index] ?? {};
  // A limit that was changed has marks of its own.
  const key = `t/${percent}/${limit}/${counter}`;
  const once = { key, cost: 1, limit: 1, expiresAt };
  const at = context.clock.now();
  const event = { orgId, at, actor: userId, userId, policy, percent, limit };
  const reached = { ...event, used: used[index] ?? 0, resetsAt };
  try {
    const request = { partition: orgId, windows: [once] };
    const { allowed, uncounted } = await context.rateLimits.consume(request);
    if (!allowed || uncounted) return;
    // With its audit entry: inside a transaction of the host the event waits for the commit, too.
    await commit(context, orgId, async (_tx, record) => record('usage.threshold_reached', reached));
  } catch (error) {
    // The charge was made, and its caller must hear so.
    context.settings.onError(error);
  }
}
