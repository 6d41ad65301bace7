import { requireMember } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import { givenBackWindow } from '../limits/counters.ts';
import type { RecordedUsage } from '../model/recorded-usage.ts';
import { toWindowUsage } from '../model/to-decision.ts';
import { addUnits } from './add-units.ts';
import { chargedWindows } from './charged-windows.ts';
import { createChargeCheck } from './check-charge.ts';
import { idempotencyKeyField, onceFor } from './idempotency-key.ts';
import { marksOf } from './marks.ts';
import { takeBackUnits } from './take-back-units.ts';
import { announceThresholds } from './thresholds.ts';

/** What `record` takes. */
export interface RecordInput {
  readonly orgId: string;
  readonly userId: string;
  /** One of the configured activities. Default: the first one. */
  readonly activity?: string | undefined;
  /**
   * Units that were used, an integer from 1 to 2^53 - 1. Below 0 it is a correction: it takes back
   * what was counted of this activity on that day, and no more than that.
   */
  readonly units: number;
  /** When they were used, at most 366 days ago. Default: now. */
  readonly at?: Date | undefined;
  /** As for `consume`, whose keys are others. */
  readonly idempotencyKey?: string | undefined;
}

const oldestMs = 366 * 24 * 60 * 60 * 1000;
// The clock of the machine that saw it may be ahead of ours.
const aheadMs = 5 * 60 * 1000;

const check = createChargeCheck<RecordInput>({
  units: {
    holds: (value) => Number.isSafeInteger(value) && value !== 0,
    message: 'must be an integer from -(2^53 - 1) to 2^53 - 1, not 0',
    optional: false,
  },
  at: {
    holds: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
    message: 'must be a valid Date',
    optional: true,
  },
  idempotencyKey: idempotencyKeyField,
});

/** Counts usage that has happened, whatever the limits and the member's status say. */
export async function record(context: Context, input: RecordInput): Promise<RecordedUsage> {
  const { activities } = context.settings;
  const given = check(input, activities);
  const { orgId, userId, activity = activities[0] ?? '', units, idempotencyKey } = given;
  const now = context.clock.now();
  const at = given.at?.getTime() ?? now;
  if (at < now - oldestMs || at > now + aheadMs) {
    const message = 'must be in the past, at most 366 days ago';
    throw new OrgUserManagerError('invalid_input', { issues: [{ path: 'at', message }] });
  }
  const standing = await context.storage.load({ orgId, userIds: [userId] });
  const member = requireMember(standing, userId);
  const { organization } = standing;
  if (!organization) throw new OrgUserManagerError('organization_not_found', {});
  const calendar = context.calendar(organization, at);
  const { policies, shares } = chargedWindows({ member, organization, activity, calendar });
  const entry = {
    orgId,
    counters: [...policies, ...shares],
    share: shares[0],
    givenBack: givenBackWindow(userId, calendar.day, activity),
    once: onceFor({ verb: 'record', userId, activity, asked: units, idempotencyKey }),
  };
  const {
    used,
    uncounted,
    replayed,
    units: counted,
  } = units > 0
    ? await addUnits(context, entry, units)
    : await takeBackUnits(context, entry, -units);
  if (units > 0 && !replayed && !uncounted) {
    const charged = { orgId, userId, cost: units, windows: policies };
    const marks = marksOf(policies, context.settings.usageThresholdPercents);
    await announceThresholds(context, { ...charged, used }, marks);
  }
  const windows = policies.map((policy, index) => toWindowUsage(policy, used[index] ?? 0));
  const recorded = { units: counted, timeZone: organization.timeZone, windows };
  return replayed ? { ...recorded, replayed } : recorded;
}
