import type { Context } from '../context.ts';
import type { LimitPreview } from '../model/limit-preview.ts';
import { toWindowUsage } from '../model/to-decision.ts';
import type { PolicyWindow } from './usage-windows.ts';

/** Where windows stand, and which of them would refuse a charge of a single unit. */
export async function previewWindows(
  { rateLimits }: Context,
  orgId: string,
  policies: readonly PolicyWindow[],
): Promise<Pick<LimitPreview, 'windows' | 'blocking' | 'blockedUntil'>> {
  const used = await rateLimits.get(
    orgId,
    policies.map(({ key }) => key),
  );
  const windows = policies.map((policy, index) => toWindowUsage(policy, used[index] ?? 0));
  const full = windows.filter(({ remaining }) => remaining === 0);
  const canWait = full.length > 0 && full.every(({ limit }) => limit !== 0);
  const until = Math.max(...full.map(({ resetsAt }) => resetsAt.getTime()));
  return {
    windows,
    blocking: full.map(({ policy }) => policy),
    blockedUntil: canWait ? new Date(until) : null,
  };
}
