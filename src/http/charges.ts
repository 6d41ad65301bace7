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
  charge(cost: number, charged: Charged): MaybePromise<AllowedVerdict | Refusal>;
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

  const charge = (cost: number, { orgId, userId, activity }: Charged) =>
    orElse(consume, refuse, { orgId, userId, activity, cost });

  const consume = (input: Charged & { readonly cost: number }) =>
    andThen(manager.consumeNow(input), conclude, input);

  const conclude = (outcome: ChargeOutcome, charged: Charged): AllowedVerdict | Refusal =>
    outcome.allowed
      ? { allowed: true, headers: answers.headers(outcome), usage: new Usage(further, charged) }
      : answers.refusal(outcome);

  /** Sets the units aside until the request has succeeded or failed. */
  async function setAside(cost: number, charged: Charged): Promise<AllowedVerdict | Refusal> {
    try {
      const outcome: ReserveOutcome = await manager.setAside({ ...charged, estimate: cost });
      if (!outcome.allowed) return answers.refusal(outcome);
      const { reservation } = outcome;
      const usage = new Usage(further, charged, (succeeded) =>
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

  const further: Further = { charge, check, onError };
  return { charge: chargeOn === 'success' ? setAside : charge };
}

/** What a request may ask for while it lasts. */
interface Further extends Charges {
  check(charged: Charged): Promise<Refusal | undefined>;
  onError(error: unknown): void;
}

type Settle = (succeeded: boolean) => Promise<unknown>;

// A class: every request gets one of these, and hardly any asks for more.
class Usage implements RequestUsage {
  readonly #further: Further;
  readonly #charged: Charged;
  #settle: Settle | undefined;

  constructor(further: Further, charged: Charged, settle?: Settle) {
    this.#further = further;
    this.#charged = charged;
    this.#settle = settle;
  }

  async recheck(cost?: number): Promise<UsageVerdict> {
    const charged = this.#charged;
    const { charge, check } = this.#further;
    const outcome = cost === undefined ? await check(charged) : await charge(cost, charged);
    if (outcome === undefined) return { allowed: true, headers: {}, usage: this };
    return 'code' in outcome ? writeRefusal(outcome, false) : { ...outcome, usage: this };
  }

  async settle(succeeded: boolean): Promise<void> {
    const settle = this.#settle;
    this.#settle = undefined;
    await settle?.(succeeded).catch(this.#further.onError);
  }
}
