import type { WindowTerms } from '../model/charge-outcome.ts';

/** A share of a limit, of which is told when a charge reaches it. */
export interface Mark {
  readonly policy: WindowTerms['policy'];
  /** Of the window among those of its charge. */
  readonly index: number;
  readonly limit: number;
  readonly percent: number;
  /** The first whole number of units that is this share. */
  readonly units: number;
  /** When the window ends, epoch milliseconds. */
  readonly resetsAt: number;
}

/** A window that a limit may stand on. */
interface MarkedWindow extends Pick<WindowTerms, 'policy' | 'limit'> {
  readonly calendar: { readonly endsAt: number };
}

/** The marks of these windows; those without a limit have none. */
export function marksOf(
  windows: readonly MarkedWindow[],
  percents: readonly number[],
): readonly Mark[] {
  return windows.flatMap(({ policy, limit, calendar }, index) => {
    if (limit === null) return [];
    return percents.map((percent) => ({
      policy,
      index,
      limit,
      percent,
      units: shareOf(limit, percent),
      resetsAt: calendar.endsAt,
    }));
  });
}

/** Whether a charge of this cost has reached any of the marks; `used` is what the windows hold since. */
export function reachesAny(marks: readonly Mark[], used: readonly number[], cost: number): boolean {
  for (const mark of marks) if (reaches(mark, used, cost)) return true;
  return false;
}

/** The same for one mark. */
export function reaches({ index, units }: Mark, used: readonly number[], cost: number): boolean {
  const now = used[index] ?? 0;
  return now >= units && now - cost < units;
}

/** In two parts, which keeps it exact. */
function shareOf(limit: number, percent: number): number {
  const rest = limit % 100;
  return ((limit - rest) / 100) * percent + Math.ceil((rest * percent) / 100);
}
