import { isOrgUserManagerError } from '../errors/index.ts';
import type { ChargeOutcome, ReserveOutcome } from '../model/charge-outcome.ts';
import type { GuardedCharge } from '../model/guarded-charge.ts';
import type { OrgUserManager } from '../org-user-manager.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import { andThen, orElse } from '../system/maybe-promise.ts';
import type { ChargeOn } from './charge-on.ts';
import { type Refusal, refusalOf, writeRefusal } from './refusal.ts';
import type { AllowedVerdict, RequestUsage, UsageVerdict } from './request-usage.ts';
import type { UsageAnswers } from './usage-answers.ts';

/** Charges requests, with refusals as values. */
export interface Charges {
  /** Charges once. Throws, or rejects with, errors that are not of this package. */
  charge(charge: GuardedCharge): MaybePromise<AllowedVerdict | Refusal>;
}

/** Creates the charges of one guard. */
export function createCharges(
  manager: OrgUserManager,
  answers: UsageAnswers,
  chargeOn: ChargeOn,
): Charges {
  const { onError } = manager.settings;

  function refuse(error: unknown): Refusal {
    if (!isOrgUserManagerError(error)) throw error;
    // What lost against others is nobody's fault and may be tried again, as what is away.
    const isFault = error.status >= 500 || error.isRetryable;
    return isFault ? answers.unavailable(error) : refusalOf(error);
  }

  const charge = (charge: GuardedCharge) => orElse(consume, refuse, charge);

  const consume = (charge: GuardedCharge) => andThen(manager.consumeNow(charge), conclude, charge);

  const conclude = (outcome: ChargeOutcome, charge: GuardedCharge): AllowedVerdict | Refusal =>
    outcome.allowed
      ? { allowed: true, headers: answers.headers(outcome), usage: new Usage(further, charge) }
      : answers.refusal(outcome);

  /** Sets the units aside until the request has succeeded or failed. */
  async function setAside(charge: GuardedCharge): Promise<AllowedVerdict | Refusal> {
    const { cost, ...whose } = charge;
    try {
      const outcome: ReserveOutcome = await manager.setAside({ ...whose, estimate: cost });
      if (!outcome.allowed) return answers.refusal(outcome);
      const { reservation } = outcome;
      const usage = new Usage(further, charge, (succeeded) =>
        succeeded ? reservation.commit(cost) : reservation.release(),
      );
      return { allowed: true, headers: answers.headers(outcome), usage };
    } catch (error) {
      return refuse(error);
    }
  }

  /** Whether the person is an active member, who may look at themselves. */
  async function check({ orgId, userId }: GuardedCharge): Promise<Refusal | undefined> {
    try {
      await manager.member({ orgId, actor: { userId }, userId });
      return undefined;
    } catch (error) {
      return refuse(error);
    }
  }

  const further: Further = { charge, check, onError };
  return { charge: chargeOn === 'success' ? setAside : charge };
}

/** What a request may ask for while it lasts. */
interface Further extends Charges {
  check(charge: GuardedCharge): Promise<Refusal | undefined>;
  onError(error: unknown): void;
}

type Settle = (succeeded: boolean) => Promise<unknown>;

// A class: every request gets one of these, and hardly any asks for more.
class Usage implements RequestUsage {
  readonly #further: Further;
  readonly #charge: GuardedCharge;
  #settle: Settle | undefined;

  constructor(further: Further, charge: GuardedCharge, settle?: Settle) {
    this.#further = further;
    this.#charge = charge;
    this.#settle = settle;
  }

  async recheck(cost?: number): Promise<UsageVerdict> {
    const before = this.#charge;
    const { charge, check } = this.#further;
    const outcome = cost === undefined ? await check(before) : await charge({ ...before, cost });
    if (outcome === undefined) return { allowed: true, headers: {}, usage: this };
    return outcome.allowed ? { ...outcome, usage: this } : writeRefusal(outcome, false);
  }

  async settle(succeeded: boolean): Promise<void> {
    const settle = this.#settle;
    this.#settle = undefined;
    await settle?.(succeeded).catch(this.#further.onError);
  }
}
