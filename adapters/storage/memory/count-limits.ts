import type { LimitCounts, Member, Units } from '../../../src/index.ts';
import { membersOf, type State } from './state.ts';

const isAbove = (limit: Units, most: Units) => limit !== null && most !== null && limit > most;

/** `StorageReader.countLimits` */
export function countLimits(state: State, orgId: string): LimitCounts {
  const active = [...membersOf(state, orgId).values()].filter(({ status }) => status === 'active');
  const allocation = state.organizations.get(orgId)?.allocation ?? { daily: null, monthly: null };
  const count = (holds: (limit: Member['limit']) => boolean) =>
    active.filter(({ limit }) => holds(limit)).length;
  return {
    members: active.length,
    withoutLimit: count(({ daily, monthly }) => daily === null && monthly === null),
    blocked: count(({ daily, monthly }) => daily === 0 || monthly === 0),
    aboveAllocation: count(
      ({ daily, monthly }) =>
        isAbove(daily, allocation.daily) || isAbove(monthly, allocation.monthly),
    ),
    dailyAboveMonthly: count(({ daily, monthly }) => isAbove(daily, monthly)),
  };
}
