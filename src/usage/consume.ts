import type { Context } from '../context.ts';
import type { ChargeOutcome } from '../model/charge-outcome.ts';
import type { GuardedCharge } from '../model/guarded-charge.ts';
import { toDecision } from '../model/to-decision.ts';
import type { UsageDecision } from '../model/usage-decision.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import { andThen } from '../system/maybe-promise.ts';
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
   * call with it charges nothing and gives the first answer, for 24 hours at least. The key belongs to
   * one cost and activity: another one throws `idempotency_key_reused`. A refusal is not remembered.
   * Default: every call charges.
   */
  readonly idempotencyKey?: string | undefined;
}

const isCost = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 1;

const costField = {
  holds: isCost,
  message: 'must be an integer from 1 to 2^53 - 1',
  optional: false,
};

const check = createChargeCheck<ConsumeInput>({
  cost: { ...costField, optional: true },
  idempotencyKey: idempotencyKeyField,
});

const checkGuarded = createChargeCheck<GuardedCharge>({ cost: costField });

/** Charges usage before it happens, or refuses it. */
export async function consume(context: Context, input: ConsumeInput): Promise<UsageDecision> {
  return toDecision(await tryToConsume(context, input));
}

/** The same, before anybody looks at it. */
export async function tryToConsume(context: Context, input: ConsumeInput): Promise<ChargeOutcome> {
  return chargeNow(context, check(input, context.settings.activities));
}

/**
 * The same for a guard, whose charges have no idempotency key. Answers at once when nothing has to be
 * waited for.
 */
export function consumeNow(context: Context, input: GuardedCharge): MaybePromise<ChargeOutcome> {
  const charge = checkGuarded(input, context.settings.activities);
  return chargeNow(context, { ...charge, idempotencyKey: undefined });
}

function chargeNow(context: Context, input: ConsumeInput): MaybePromise<ChargeOutcome> {
  const { activities } = context.settings;
  const { orgId, userId, activity = activities[0] ?? '', cost = 1, idempotencyKey } = input;
  const at = context.clock.now();
  const charged = { context, orgId, userId, activity, cost, idempotencyKey, isHeld: false, at };
  return andThen(context.storage.load({ orgId, userIds: [userId] }), charge, charged);
}
