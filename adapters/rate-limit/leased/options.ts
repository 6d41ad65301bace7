import { type Clock, type InputIssue, OrgUserManagerError } from '../../../src/index.ts';

/** What `leasedRateLimitStore` takes beside the store. */
export interface LeaseOptions {
  /** Most units that this process holds ready for a member and activity, 1 to 10,000. Default: 20. */
  readonly portion?: number | undefined;
  /** After how many milliseconds without use units go back, 10 to 600,000. Default: 5 seconds. */
  readonly idleMs?: number | undefined;
  /**
   * For how many milliseconds a refusal is repeated without asking the store, 0 to 60,000. Another limit
   * ends it at once. Default: 1 second.
   */
  readonly refusalMs?: number | undefined;
  /** Time. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/** The options with every default filled in. */
export type LeaseSettings = {
  readonly [Name in keyof LeaseOptions]-?: NonNullable<LeaseOptions[Name]>;
};

const systemClock: Clock = {
  now: () => Date.now(),
  schedule(task, delayMs) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Checks the options. Throws `invalid_options`. */
export function parseOptions(options: LeaseOptions): LeaseSettings {
  const {
    portion = 20,
    idleMs = 5000,
    refusalMs = 1000,
    clock = systemClock,
    ...unknown
  } = options;
  const issues: InputIssue[] = [
    ...Object.keys(unknown).map((path) => ({ path, message: 'is not known' })),
    ...checkInteger('portion', portion, [1, 10_000]),
    ...checkInteger('idleMs', idleMs, [10, 600_000]),
    ...checkInteger('refusalMs', refusalMs, [0, 60_000]),
  ];
  const { now, schedule } = Object(clock);
  if (typeof now !== 'function' || typeof schedule !== 'function') {
    issues.push({ path: 'clock', message: 'must be an object with now(), schedule()' });
  }
  if (issues.length > 0) throw new OrgUserManagerError('invalid_options', { issues });
  return { portion, idleMs, refusalMs, clock };
}

function checkInteger(
  path: string,
  value: unknown,
  [min, max]: readonly [number, number],
): readonly InputIssue[] {
  if (Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max) return [];
  return [{ path, message: `must be an integer from ${min} to ${max}` }];
}
