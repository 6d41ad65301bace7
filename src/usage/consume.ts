import type { Context } from '../context.ts';
import type { UsageDecision } from '../model/usage-decision.ts';
import { charge } from './charge.ts';
import { createChargeCheck } from './check-charge.ts';
import { idempotencyKeyField } from './idempotency-key.ts';

/** What `consume` takes. */
export interface ConsumeInput {
  readonly orgId: string;
  readonly userId: string;
  /** One of the configured activities. Default: the first one. */
  readonly activity?: string | undefined;
  /** Units, an integer from 1 to 2^53 - 1. Default: 1. */
  readonly cost?: number | undefined;
  /**
   * Names this charge among those of the member, 1 to 128 visible ASCII characters: repeating the
   * call with it charges nothing and gives the first answer, for 24 hours at least. A refusal is not
   * remembered. Default: every call charges.
   */
  readonly idempotencyKey?: string | undefined;
}

const check = createChargeCheck({
  cost: {
    holds: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
    message: 'must be an integer from 1 to 2^53 - 1',
    optional: true,
  },
  idempotencyKey: idempotencyKeyField,
});

/** Charges usage before it happens, or refuses it. */
export async function consume(context: Context, input: ConsumeInput): Promise<UsageDecision> {
  const { activities } = context.settings;
  check(input, activities);
  const { orgId, userId, activity = activities[0] ?? '', cost = 1, idempotencyKey } = input;
  const now = context.clock.now();
  const standing = await context.storage.load({ orgId, userIds: [userId] });
  const charged = { orgId, userId, activity, cost, idempotencyKey };
  return await charge(context, charged, { standing, now });
}
