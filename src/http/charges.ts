import { isOrgUserManagerError } from '../errors/index.ts';
import type { UsageAllowed } from '../model/usage-decision.ts';
import type { OrgUserManager } from '../org-user-manager.ts';
import { type Refusal, refusalOf, writeRefusal } from './refusal.ts';
import type { AllowedVerdict, RequestUsage } from './request-usage.ts';
import type { UsageAnswers } from './usage-answers.ts';

/** Whose usage it is, and what it is charged as. */
export interface Charged {
  readonly orgId: string;
  readonly userId: string;
  readonly activity: string | undefined;
}

/** Charges requests, with refusals as values. */
export interface Charges {
  /** Charges once. Rejects with errors that are not of this package. */
  charge(charged: Charged, cost: number): Promise<UsageAllowed | Refusal>;
  /** The verdict on a charge that was made. */
  allow(charged: Charged, decision: UsageAllowed): AllowedVerdict;
}

/** Creates the charges of one guard. */
export function createCharges(manager: OrgUserManager, answers: UsageAnswers): Charges {
  function refuse(error: unknown): Refusal {
    if (!isOrgUserManagerError(error)) throw error;
    return error.status < 500 ? refusalOf(error) : answers.unavailable(error);
  }

  async function charge(charged: Charged, cost: number): Promise<UsageAllowed | Refusal> {
    try {
      const decision = await manager.consume({ ...charged, cost });
      return decision.allowed ? decision : answers.refusal(decision);
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

  function allow(charged: Charged, decision: UsageAllowed): AllowedVerdict {
    const usage: RequestUsage = {
      async recheck(cost) {
        if (cost === undefined) {
          const refusal = await check(charged);
          return refusal ? writeRefusal(refusal, false) : { allowed: true, headers: {}, usage };
        }
        const outcome = await charge(charged, cost);
        return 'code' in outcome ? writeRefusal(outcome, false) : allow(charged, outcome);
      },
    };
    return { allowed: true, headers: answers.headers(decision), usage };
  }

  return { charge, allow };
}
