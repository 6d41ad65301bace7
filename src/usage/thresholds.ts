import type { Context } from '../context.ts';
import { historyMs } from '../limits/counters.ts';
import type { UsageWindow } from '../ports/rate-limit-store.ts';
import { commit } from '../transactions/commit.ts';
import { type Mark, reaches } from './marks.ts';

/** Units that were just charged. */
export interface Charged {
  readonly orgId: string;
  readonly userId: string;
  readonly cost: number;
  /** The day and month of the member, then of the organization. */
  readonly windows: readonly Pick<UsageWindow, 'key'>[];
  /** What they hold since. */
  readonly used: readonly number[];
}

/** A share of a limit that a charge has reached. */
interface ReachedThreshold {
  readonly orgId: string;
  /** The counter with room for one that lets it be told once. */
  readonly once: UsageWindow;
  /** Whether it has been counted there. */
  isNoted: boolean;
  readonly event: ReturnType<typeof toEvent>;
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
  await Promise.all(
    reached.map(async (mark) => {
      const threshold = toReached(charged, mark, context.clock.now());
      const tell = () => tellThreshold(context, threshold);
      if (!(await tell())) context.postpone(charged.orgId, tell);
    }),
  );
}

function toReached(charged: Charged, mark: Mark, at: number): ReachedThreshold {
  const { percent, limit, index } = mark;
  const counter = charged.windows[index]?.key ?? '';
  // A limit that was changed has marks of its own.
  const once = { key: `t/${percent}/${limit}/${counter}`, cost: 1, limit: 1, keepMs: historyMs };
  return { orgId: charged.orgId, once, isNoted: false, event: toEvent(charged, mark, at) };
}

function toEvent(
  { orgId, userId, used }: Charged,
  { policy, percent, limit, index, resetsAt }: Mark,
  at: number,
) {
  const share = { policy, percent, limit, used: used[index] ?? 0, resetsAt };
  return { orgId, at, actor: userId, userId, ...share };
}

/** Emits the event of one, unless another process has; false when that cannot be done now. */
async function tellThreshold(context: Context, reached: ReachedThreshold): Promise<boolean> {
  const { orgId, once, event } = reached;
  try {
    if (!reached.isNoted) {
      const request = { partition: orgId, windows: [once] };
      const { allowed } = await context.rateLimits.consumeCounted(request);
      if (!allowed) return true;
      reached.isNoted = true;
    }
    // With its audit entry: inside a transaction of the host the event waits for the commit, too.
    await commit(context, orgId, async (_tx, record) => record('usage.threshold_reached', event));
    return true;
  } catch (error) {
    // The charge was made, and its caller must hear so.
    context.settings.onError(error);
    return false;
  }
}
