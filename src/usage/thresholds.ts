import type { Context } from '../context.ts';
import type { WindowEnd } from '../limits/calendar.ts';
import type { PolicyWindow } from '../limits/usage-windows.ts';
import { commit } from '../transactions/commit.ts';

/** Units that were just charged. */
export interface Charged {
  readonly orgId: string;
  readonly userId: string;
  readonly cost: number;
  /** The windows, and what each holds since, in the same order. */
  readonly policies: readonly PolicyWindow<WindowEnd>[];
  readonly used: readonly number[];
}

interface Crossing {
  readonly policy: PolicyWindow<WindowEnd>;
  readonly limit: number;
  readonly percent: number;
  readonly used: number;
}

/**
 * Tells of the shares of a limit that this charge has reached. Counters move in one step, so of
 * charges made at once one crosses each mark; and since units can come back and be charged again, a
 * counter with room for one lets each mark be told once in a window. Nothing to wait for when none
 * was crossed.
 */
export function announceThresholds(context: Context, charged: Charged): Promise<void> | undefined {
  const crossings = crossingsOf(charged, context.settings.usageThresholdPercents);
  if (crossings.length === 0) return undefined;
  const announcing = crossings.map((crossing) => announce(context, charged, crossing));
  return Promise.all(announcing).then(() => undefined);
}

function crossingsOf(
  { policies, used, cost }: Charged,
  percents: readonly number[],
): readonly Crossing[] {
  const crossings: Crossing[] = [];
  let index = 0;
  for (const policy of policies) {
    const { limit } = policy;
    const now = used[index] ?? 0;
    index += 1;
    if (limit === null) continue;
    for (const percent of percents) {
      const mark = shareOf(limit, percent);
      if (now >= mark && now - cost < mark) crossings.push({ policy, limit, percent, used: now });
    }
  }
  return crossings;
}

/** The first whole number of units that is this share; in two parts, which keeps it exact. */
function shareOf(limit: number, percent: number): number {
  const rest = limit % 100;
  return ((limit - rest) / 100) * percent + Math.ceil((rest * percent) / 100);
}

async function announce(
  context: Context,
  { orgId, userId }: Charged,
  { policy, limit, percent, used }: Crossing,
): Promise<void> {
  const at = context.clock.now();
  const { policy: name, key: counter, calendar, expiresAt } = policy;
  // A limit that was changed has marks of its own.
  const key = `t/${percent}/${limit}/${counter}`;
  const once = { key, cost: 1, limit: 1, expiresAt };
  const event = { orgId, at, actor: userId, userId, percent, limit, used };
  const reached = { ...event, policy: name, resetsAt: calendar.endsAt };
  try {
    const windows = [once];
    const { allowed, uncounted } = await context.rateLimits.consume({ partition: orgId, windows });
    if (!allowed || uncounted) return;
    // With its audit entry: inside a transaction of the host the event waits for the commit, too.
    await commit(context, orgId, async (_tx, record) => record('usage.threshold_reached', reached));
  } catch (error) {
    // The charge was made, and its caller must hear so.
    context.settings.onError(error);
  }
}
