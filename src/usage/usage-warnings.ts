import type { LimitCounts } from '../model/limit-counts.ts';
import type { UsageWarning, UsageWarningCode } from '../model/usage-health.ts';
import type { UsageLimit } from '../model/usage-limit.ts';

/** What warnings are about. */
export interface UsageFacts {
  readonly limits: LimitCounts;
  readonly allocation: UsageLimit;
  /** Whether the counters can be asked. */
  readonly isCounting: boolean;
  /** Whether usage waits to be counted that was allowed while they could not. */
  readonly isBehind: boolean;
}

/** The warnings that the facts give reason for, the weightiest first. */
export function usageWarnings(facts: UsageFacts): readonly UsageWarning[] {
  return [...ofCounters(facts), ...ofMembers(facts), ...ofAllocation(facts)];
}

function* ofCounters({ isCounting, isBehind }: UsageFacts): Generator<UsageWarning> {
  if (!isCounting) {
    yield about('counters_unavailable', 'Usage cannot be counted at the moment.');
  }
  if (isBehind) {
    const message = 'Usage was allowed that is not counted yet: limits may be passed by as much.';
    yield about('usage_uncounted', message);
  }
}

function* ofMembers({ limits, allocation }: UsageFacts): Generator<UsageWarning> {
  const { members, withoutLimit, blocked, aboveAllocation, dailyAboveMonthly } = limits;
  const most = isUnlimited(allocation)
    ? 'may consume without any limit'
    : 'may consume the organization’s whole allocation';
  if (withoutLimit > 0 && withoutLimit === members) {
    const message = `No individual limits are configured: any one of ${count(members)} ${most}.`;
    yield { ...about('no_individual_limits', message), members };
  } else if (withoutLimit > 0) {
    const message = `Without an individual limit: ${count(withoutLimit)} of ${members}. Any one of them ${most}.`;
    yield { ...about('members_without_limit', message), members: withoutLimit };
  }
  if (aboveAllocation > 0) {
    const message = `A limit above the organization’s own, which refuses first: ${count(aboveAllocation)}.`;
    yield { ...about('limit_above_allocation', message), members: aboveAllocation };
  }
  if (dailyAboveMonthly > 0) {
    const message = `A daily limit above the monthly one, which refuses first: ${count(dailyAboveMonthly)}.`;
    yield { ...about('daily_above_monthly', message), members: dailyAboveMonthly };
  }
  if (blocked > 0) {
    const message = `A limit of 0, which blocks all usage: ${count(blocked)}.`;
    yield { ...about('members_blocked', message), members: blocked };
  }
}

function* ofAllocation({ allocation }: UsageFacts): Generator<UsageWarning> {
  const { daily, monthly } = allocation;
  if (isUnlimited(allocation)) {
    yield about('no_allocation', 'The organization as a whole has no limit.');
  }
  if (daily === 0 || monthly === 0) {
    yield about('allocation_blocks', 'The organization’s own limit is 0: nobody may use anything.');
  }
  if (daily !== null && monthly !== null && daily > monthly) {
    const message = 'The organization’s daily limit is above its monthly one, which refuses first.';
    yield about('allocation_daily_above_monthly', message);
  }
}

const about = (code: UsageWarningCode, message: string): UsageWarning => ({ code, message });
const isUnlimited = ({ daily, monthly }: UsageLimit) => daily === null && monthly === null;
const count = (members: number) => `${members} active member${members === 1 ? '' : 's'}`;
