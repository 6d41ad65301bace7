import type { Context } from '../context.ts';
import type { UsageLimitExceeded, WindowUsage } from '../model/usage-decision.ts';
import { defaults } from '../options.ts';
import type { Charge } from './charge.ts';

/** Where the windows of a refused charge stand. */
export interface RefusedStanding {
  readonly timeZone: string;
  readonly windows: readonly WindowUsage[];
}

/** The answer to a charge that a limit refuses, and its event. */
export async function refuse(
  context: Context,
  { orgId, userId, activity, cost }: Charge,
  { timeZone, windows }: RefusedStanding,
): Promise<UsageLimitExceeded> {
  const violating = violatedBy(windows, cost);
  const violated = violating.map(({ policy }) => policy);
  const at = context.clock.now();
  context.events.emit('usage.refused', { orgId, userId, at, activity, violated });
  return {
    allowed: false,
    reason: 'limit_exceeded',
    cost,
    timeZone,
    windows,
    violated,
    retryAt: retryAt(violating, cost),
    contact: await contactOf(context, orgId),
  };
}

function violatedBy(windows: readonly WindowUsage[], cost: number): readonly WindowUsage[] {
  const full = windows.filter(
    ({ limit, used }) => used + cost > (limit ?? Number.MAX_SAFE_INTEGER),
  );
  if (full.length > 0) return full;
  // Units came back after the refusal and before its counters were read.
  const left = ({ remaining }: WindowUsage) => remaining ?? Number.POSITIVE_INFINITY;
  return windows.toSorted((a, b) => (left(a) < left(b) ? -1 : 1)).slice(0, 1);
}

/** When every refusing window has reset; waiting cannot help a cost above a limit. */
function retryAt(violated: readonly WindowUsage[], cost: number): Date | null {
  if (violated.some(({ limit }) => limit !== null && cost > limit)) return null;
  return new Date(Math.max(...violated.map(({ resetsAt }) => resetsAt.getTime())));
}

/** Whom to ask. A host that cannot say must not turn a refusal into an error. */
async function contactOf({ settings }: Context, orgId: string): Promise<string> {
  try {
    return await settings.contact(orgId);
  } catch (error) {
    settings.onError(error);
    return defaults.contact;
  }
}
