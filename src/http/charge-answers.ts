import { isOrgUserManagerError } from '../errors/index.ts';
import type { ChargeOutcome } from '../model/charge-outcome.ts';
import { toDecision } from '../model/to-decision.ts';
import type { Settings } from '../options.ts';
import { answerDefaults } from './answer-options.ts';
import { writeRefusal } from './refusal.ts';
import { json, type Reply } from './reply.ts';
import { createUsageAnswers } from './usage-answers.ts';

/** Creates the answers of the route that charges: 200 with the decision, or what the guard would say. */
export function createChargeAnswers(
  settings: Settings,
): (charge: Promise<ChargeOutcome>) => Promise<Reply> {
  const answers = createUsageAnswers(settings, answerDefaults);
  return async (charge) => {
    try {
      const outcome = await charge;
      if (!outcome.allowed) return writeRefusal(answers.refusal(outcome), false);
      const reply = json(toDecision(outcome));
      return { ...reply, headers: { ...reply.headers, ...answers.headers(outcome) } };
    } catch (error) {
      if (!isOrgUserManagerError(error) || error.status !== 503) throw error;
      return writeRefusal(answers.unavailable(error), false);
    }
  };
}
