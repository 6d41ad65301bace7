import { isOrgUserManagerError } from '../errors/index.ts';
import type { ChargeOutcome, ReserveOutcome } from '../model/charge-outcome.ts';
import type { OrgUserManager } from '../org-user-manager.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import { andThen, orElse } from '../system/maybe-promise.ts';
import type { ChargeOn } from './charge-on.ts';
import { type Refusal, refusalOf, writeRefusal } from './refusal.ts';
import type { AllowedVerdict, RequestUsage, UsageVerdict } from './request-usage.ts';
import type { UsageAnswers } from './usage-answers.ts';

/** Whose usage it is, and what it is charged as. */
export interface Charged {
  readonly orgId: string;
  readonly userId: string;
  readonly activity: string | undefined;
}

/** Charges requests, with refusals as values. */
export interface Charges {
  /** Charges once. Throws, or rejects with, errors that are not of this package. */
  charge(charged: Charged, cost: number): MaybePromise<AllowedVerdict | Refusal>;
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
    return error.status < 500 ? refusalOf(error) : answers.unavailable(error);
  }

  function charge(charged: Charged, cost: number): MaybePromise<AllowedVerdict | Refusal> {
    const { orgId, userId, activity } = charged;
    return orElse(
      () =>
        andThen(manager.consumeNow({ orgId, userId, activity, cost }), (outcome: ChargeOutcome) =>
          outcome.allowed
            ? { allowed: true, headers: answers.headers(outcome), usage: new Usage(charged) }
            : answers.refusal(outcome),
        ),
      refuse,
    );
  }

  /** Sets the units aside until the request has succeeded or failed. */
  async function setAside(charged: Charged, cost: number): Promise<AllowedVerdict | Refusal> {
    try {
      const outcome: ReserveOutcome = await manager.setAside({ ...charged, estimate: cost });
      if (!outcome.allowed) return answers.refusal(outcome);
      const { reservation } = outcome;
      const usage = new Usage(charged, (succeeded) =>
        succeeded ? reservation.commit(cost) : reservation.release(),
      );
      return { allowed: true, headers: answers.headers(outcome), usage };
    } catch (error) {
      return refuse(error);
    }
  }

  /** Whether the person is an active member, who may look at themselves. */
  async function check({ orgId, userId }: Charged): Promise<Refusal | undefined> {
    try {
      await manager.member({ orgId, actor: { userId }, userId });
      return undefined;
    } catch (error) {
      return refuse(error);
    }
  }

  // A class: every request gets one of these, and hardly any asks for more.
  class Usage implements RequestUsage {
    readonly #charged: Charged;
    #settle: ((succeeded: boolean) => Promise<unknown>) | undefined;

    constructor(charged: Charged, settle?: (succeeded: boolean) => Promise<unknown>) {
      this.#charged = charged;
      this.#settle = settle;
    }

    async recheck(cost?: number): Promise<UsageVerdict> {
      const charged = this.#charged;
      const outcome = cost === undefined ? await check(charged) : await charge(charged, cost);
      if (outcome === undefined) return { allowed: true, headers: {}, usage: this };
      return 'code' in outcome ? writeRefusal(outcome, false) : { ...outcome, usage: this };
    }

    async settle(succeeded: boolean): Promise<void> {
      const settle = this.#settle;
      this.#settle = undefined;
      await settle?.(succeeded).catch(onError);
    }
  }

  return { charge: chargeOn === 'success' ? setAside : charge };
}
