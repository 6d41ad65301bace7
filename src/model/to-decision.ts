import type {
  Charged,
  ChargeOutcome,
  ChargeStanding,
  Exceeded,
  WindowTerms,
} from './charge-outcome.ts';
import type {
  AccessRefused,
  UsageAllowed,
  UsageDecision,
  UsageLimitExceeded,
  WindowUsage,
} from './usage-decision.ts';

/** What a window looks like to people once its counter is known. */
export function toWindowUsage(terms: WindowTerms, used: number): WindowUsage {
  const { policy, scope, window, limit, calendar } = terms;
  return {
    policy,
    scope,
    window,
    limit,
    used,
    remaining: limit === null ? null : Math.max(0, limit - used),
    startsAt: new Date(calendar.startsAt),
    resetsAt: new Date(calendar.endsAt),
  };
}

const windowsOf = ({ terms, used }: ChargeStanding) =>
  terms.map((window, index) => toWindowUsage(window, used[index] ?? 0));

/** A charge that was made, for its caller. */
export function toAllowed(charged: Charged): UsageAllowed {
  const { cost, timeZone, note } = charged;
  const decision = { allowed: true, cost, timeZone, windows: windowsOf(charged) } as const;
  return note === undefined ? decision : { ...decision, [note]: true };
}

/** A limit's refusal, for its caller. */
export function toExceeded(exceeded: Exceeded): UsageLimitExceeded {
  const { reason, cost, timeZone, violated, retryAt, contact } = exceeded;
  return {
    allowed: false,
    reason,
    cost,
    timeZone,
    windows: windowsOf(exceeded),
    violated,
    retryAt: retryAt === null ? null : new Date(retryAt),
    contact,
  };
}

/** A refusal, for its caller. */
export function toRefusal(outcome: Exceeded | AccessRefused): UsageLimitExceeded | AccessRefused {
  return outcome.reason === 'limit_exceeded' ? toExceeded(outcome) : outcome;
}

/** An outcome, for its caller. */
export function toDecision(outcome: ChargeOutcome): UsageDecision {
  return outcome.allowed ? toAllowed(outcome) : toRefusal(outcome);
}
