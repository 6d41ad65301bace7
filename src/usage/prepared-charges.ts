import type { CalendarWindows } from '../limits/calendar.ts';
import type { WindowTerms } from '../model/charge-outcome.ts';
import type { Member } from '../model/member.ts';
import type { Organization } from '../model/organization.ts';
import type { UsageLimit } from '../model/usage-limit.ts';
import type { ChargeRequest } from '../ports/rate-limit-store.ts';
import type { Charge } from './charge.ts';
import { chargedWindows } from './charged-windows.ts';
import { type Mark, marksOf } from './marks.ts';

/** A charge, ready to be made. */
export interface PreparedCharge {
  readonly plan: ChargePlan;
  /** Its windows are those of the plan's terms, then those that only count. */
  readonly request: ChargeRequest;
}

/** What charges of the same cost under the same limits have in common, whoever makes them. */
export interface ChargePlan extends PlanTerms {
  /** The days and months of member and organization. */
  readonly terms: readonly WindowTerms[];
  readonly marks: readonly Mark[];
}

interface PlanTerms {
  /** The limits by value: a storage may change its rows in place. */
  readonly limit: UsageLimit;
  readonly allocation: UsageLimit;
  readonly timeZone: string;
  readonly calendar: CalendarWindows;
  readonly activity: string;
  readonly cost: number;
  /** The shares of a limit that are told, in percent. */
  readonly percents: readonly number[];
}

/**
 * Each member's last charge, by the member's row: a storage that keeps its rows in memory hands out
 * the same one until it changes. The next charge is almost always the same, and making it anew takes
 * longer than counting it.
 */
const preparedCharges = new WeakMap<Member, PreparedCharge>();

/** The plans of the day, by what they are for. Most members share one, and with it a cache's lines. */
const plans = new WeakMap<CalendarWindows, Map<string, ChargePlan>>();
const mostPlans = 1000;

/** Prepares a charge of this member. */
export function prepareCharge(
  member: Member,
  organization: Organization,
  { context, activity, cost, at }: Charge,
): PreparedCharge {
  const terms: PlanTerms = {
    limit: member.limit,
    allocation: organization.allocation,
    timeZone: organization.timeZone,
    calendar: context.calendar(organization, at),
    activity,
    cost,
    percents: context.settings.usageThresholdPercents,
  };
  const known = preparedCharges.get(member);
  if (known && isFor(known.plan, terms)) return known;
  const { calendar } = terms;
  const { policies, shares } = chargedWindows({ member, organization, activity, calendar });
  // Frozen: a store may tell a charge that comes again by them.
  const windows = Object.freeze(
    [...policies, ...shares].map(({ key, limit, keepMs }) =>
      Object.freeze({ key, cost, limit, keepMs }),
    ),
  );
  const request = { partition: organization.orgId, windows };
  const prepared = { plan: planOf(terms, policies), request };
  preparedCharges.set(member, prepared);
  return prepared;
}

// The calendar's windows are new ones when a day begins, or when the time zone changes.
const isFor = (plan: ChargePlan, terms: PlanTerms) =>
  plan.calendar === terms.calendar &&
  plan.activity === terms.activity &&
  plan.cost === terms.cost &&
  plan.percents === terms.percents &&
  isEqual(plan.limit, terms.limit) &&
  isEqual(plan.allocation, terms.allocation);

const isEqual = (a: UsageLimit, b: UsageLimit) => a.daily === b.daily && a.monthly === b.monthly;

function planOf(wanted: PlanTerms, policies: readonly WindowTerms[]): ChargePlan {
  const { calendar, activity, cost, percents } = wanted;
  const [limit, allocation] = [{ ...wanted.limit }, { ...wanted.allocation }];
  const plansOfDay = plans.get(calendar) ?? new Map<string, ChargePlan>();
  const key = JSON.stringify([limit, allocation, activity, cost]);
  const known = plansOfDay.get(key);
  if (known && isFor(known, wanted)) return known;
  const terms = policies.map(({ policy, scope, window, limit, calendar }) => ({
    policy,
    scope,
    window,
    limit,
    calendar,
  }));
  const marks = marksOf(terms, percents);
  const plan = { ...wanted, limit, allocation, terms, marks };
  if (plansOfDay.size >= mostPlans) plansOfDay.clear();
  plans.set(calendar, plansOfDay.set(key, plan));
  return plan;
}
