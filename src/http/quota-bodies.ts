import type { Exceeded, WindowTerms } from '../model/charge-outcome.ts';
import type { UsageAnswerSettings } from './answer-options.ts';
import type { LimitedWindow } from './limited-windows.ts';
import { createLocalTimes } from './local-time.ts';
import { quotaProblem } from './quota-problem.ts';

/** What the body of a 429 says, as JSON and for a page. */
export interface QuotaBody {
  readonly document: ReturnType<typeof quotaProblem>;
  readonly json: string;
}

/** A body of before: the next one is the same, but for its instance, until somebody is charged. */
interface KnownBody {
  readonly contact: string;
  readonly document: ReturnType<typeof quotaProblem>;
  readonly beforeInstance: string;
  readonly afterInstance: string;
}

const mostKnown = 1000;

/** Creates the bodies of a guard's 429s: from the outcome, and its windows with the binding one first. */
export function createQuotaBodies(
  nextInstance: () => string,
  answers: UsageAnswerSettings,
): (outcome: Exceeded, windows: readonly LimitedWindow[]) => QuotaBody {
  const problems = { ...answers, localTimes: createLocalTimes() };
  const known = new WeakMap<readonly WindowTerms[], Map<string, KnownBody>>();

  function write(outcome: Exceeded, windows: readonly LimitedWindow[], retryable: boolean) {
    const instance = nextInstance();
    const document = quotaProblem({ outcome, windows, retryable, instance }, problems);
    // Nobody else can have this text in a body.
    const [beforeInstance = '', afterInstance = ''] = JSON.stringify(document).split(instance);
    return { contact: outcome.contact, document, beforeInstance, afterInstance };
  }

  function bodiesOf({ terms }: Exceeded): Map<string, KnownBody> {
    const bodies = known.get(terms);
    if (bodies && bodies.size < mostKnown) return bodies;
    const fresh = new Map<string, KnownBody>();
    known.set(terms, fresh);
    return fresh;
  }

  return (outcome, windows) => {
    const { cost, retryAt, at, contact } = outcome;
    const retryable = retryAt !== null && retryAt - at <= answers.retryableWaitMs;
    let key = `${cost} ${retryable}`;
    for (const { terms, used } of windows) key += ` ${terms.index} ${used}`;
    const bodies = bodiesOf(outcome);
    let body = bodies.get(key);
    if (body?.contact !== contact) {
      body = write(outcome, windows, retryable);
      bodies.set(key, body);
    }
    const { document, beforeInstance, afterInstance } = body;
    return { document, json: beforeInstance + nextInstance() + afterInstance };
  };
}
