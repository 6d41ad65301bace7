import { checkOptions, type OptionRules } from '../../../src/access/check-options.ts';
import { hasMethods, integer } from '../../../src/access/option-rules.ts';
import type { Clock } from '../../../src/index.ts';
import { ownClock } from '../../../src/system/own-clock.ts';
import { systemClock } from '../../../src/system/system-clock.ts';

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

const rules: OptionRules<LeaseOptions> = {
  portion: integer(1, 10_000),
  idleMs: integer(10, 600_000),
  refusalMs: integer(0, 60_000),
  clock: hasMethods('now', 'schedule'),
};

/** Checks the options and fills in the defaults. Throws `invalid_options`. */
export function parseOptions(options: LeaseOptions): LeaseSettings {
  const settings = checkOptions(options, rules, {
    portion: 20,
    idleMs: 5000,
    refusalMs: 1000,
    clock: systemClock,
  });
  return { ...settings, clock: ownClock(settings.clock) };
}
