import type { CalendarWindow, CalendarWindows } from '../limits/calendar.ts';
import type { Member } from '../model/member.ts';
import type { Organization } from '../model/organization.ts';
import type { UsageWindow } from '../ports/rate-limit-store.ts';
import { type ChargedWindows, chargedWindows } from './charged-windows.ts';

/** What decides which counters a charge touches, and how. */
export interface ChargeTerms {
  readonly member: Member;
  readonly organization: Organization;
  readonly calendar: CalendarWindows;
  readonly activity: string;
  readonly cost: number;
}

/** A charge, ready to be made. */
export interface PreparedCharge {
  readonly policies: ChargedWindows<CalendarWindow>['policies'];
  /** The policies', then those that only count. */
  readonly windows: readonly UsageWindow[];
}

interface Entry {
  readonly terms: Pick<ChargeTerms, 'calendar' | 'activity' | 'cost'>;
  readonly prepared: PreparedCharge;
}

/**
 * Each member's last charge, by the member's row: a storage that keeps its rows in memory hands out
 * the same one until it changes. The next charge is almost always the same, and making it anew takes
 * longer than counting it.
 */
const entries = new WeakMap<Member, Entry>();

/** Prepares a charge on exactly these terms. */
export function prepareCharge(terms: ChargeTerms): PreparedCharge {
  const { member, calendar, activity, cost } = terms;
  const known = entries.get(member);
  if (known && isSame(known.terms, terms) && hasLimits(known.prepared, terms)) {
    return known.prepared;
  }
  const { policies, shares } = chargedWindows(terms);
  const windows = [...policies, ...shares].map(({ key, limit, expiresAt }) => ({
    key,
    cost,
    limit,
    expiresAt,
  }));
  const prepared = { policies, windows };
  entries.set(member, { terms: { calendar, activity, cost }, prepared });
  return prepared;
}

// The calendar's windows are new ones when a day begins, or when the time zone changes.
const isSame = (known: Entry['terms'], { calendar, activity, cost }: ChargeTerms) =>
  known.calendar === calendar && known.activity === activity && known.cost === cost;

/** Whether the limits are those of now, also when a storage changes its rows in place. */
function hasLimits({ policies }: PreparedCharge, { member, organization }: ChargeTerms): boolean {
  const [userDay, userMonth, orgDay, orgMonth] = policies;
  const { limit } = member;
  const { allocation } = organization;
  return (
    userDay.limit === limit.daily &&
    userMonth.limit === limit.monthly &&
    orgDay.limit === allocation.daily &&
    orgMonth.limit === allocation.monthly
  );
}
