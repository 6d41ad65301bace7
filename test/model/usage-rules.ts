import type {
  PolicyName,
  UsageDecision,
  UsageLimit,
  UsageReport,
  WindowUsage,
} from 'org-user-manager';
import { requireSelfOrAdmin } from './access-rules.ts';
import type { Inputs } from './operations.ts';
import { findMember, requireMember, type Team, terms, type World } from './world.ts';

interface Window {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** The zones of the test, none with summer time: calendar.test.ts is about that. */
const offsetsMs = new Map([
  ['UTC', 0],
  ['Asia/Kolkata', 5.5 * 3_600_000],
]);

/** The day and the month of an instant. */
export function windowsAt(timeZone: string, now: number): { day: Window; month: Window } {
  const offset = offsetsMs.get(timeZone) ?? Number.NaN;
  const local = new Date(now + offset);
  const [year, month, date] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  return {
    day: {
      startsAt: Date.UTC(year, month, date) - offset,
      endsAt: Date.UTC(year, month, date + 1) - offset,
    },
    month: { startsAt: Date.UTC(year, month) - offset, endsAt: Date.UTC(year, month + 1) - offset },
  };
}

/** Units charged in a window, of one user or everybody, for one activity or all. */
export function usedIn(
  { charges }: Team,
  { startsAt, endsAt }: Window,
  of: { readonly userId?: string | undefined; readonly activity?: string },
): number {
  return charges
    .filter(({ at }) => at >= startsAt && at < endsAt)
    .filter(({ userId }) => of.userId === undefined || userId === of.userId)
    .filter(({ activity }) => of.activity === undefined || activity === of.activity)
    .reduce((sum, { cost }) => sum + cost, 0);
}

interface Subject {
  /** Absent for the organization as a whole. */
  readonly userId?: string | undefined;
  readonly limit: UsageLimit;
}

function dayAndMonth(team: Team, now: number, { userId, limit }: Subject): WindowUsage[] {
  const scope = userId === undefined ? 'organization' : 'user';
  const { day, month } = windowsAt(team.timeZone, now);
  const view = (window: 'day' | 'month', { startsAt, endsAt }: Window, most: number | null) => {
    const policy: PolicyName = `${scope === 'user' ? 'user' : 'org'}-${window}`;
    const used = usedIn(team, { startsAt, endsAt }, { userId });
    return {
      policy,
      scope,
      window,
      limit: most,
      used,
      remaining: most === null ? null : Math.max(most - used, 0),
      startsAt: new Date(startsAt),
      resetsAt: new Date(endsAt),
    } as const;
  };
  return [view('day', day, limit.daily), view('month', month, limit.monthly)];
}

export function usage(world: World, input: Inputs['usage']): UsageReport {
  const { team } = requireSelfOrAdmin(world, input);
  const { userId } = input;
  const limit = userId === undefined ? team.allocation : requireMember(team, userId).limit;
  const { day, month } = windowsAt(team.timeZone, world.now);
  return {
    timeZone: team.timeZone,
    windows: dayAndMonth(team, world.now, { userId, limit }),
    activities: terms.activities.map((activity) => ({
      activity,
      today: usedIn(team, day, { userId, activity }),
      thisMonth: usedIn(team, month, { userId, activity }),
    })),
  };
}

/**
 * `consume` has two moments: it looks who asks and what they may use, and then it charges. What
 * other calls change in between takes effect on the next one.
 */
export function consume(
  world: World,
  input: Inputs['consume'],
): UsageDecision | ((later: World) => UsageDecision) {
  const { orgId, userId } = input;
  const team = world.teams.get(orgId);
  const member = team && findMember(team, userId);
  if (!member) return { allowed: false, reason: 'not_a_member' };
  if (member.status === 'disabled') return { allowed: false, reason: 'member_disabled' };
  const { limit } = member;
  return (later) => charge(later, input, limit);
}

function charge(world: World, input: Inputs['consume'], limit: UsageLimit): UsageDecision {
  const { orgId, userId, activity = 'search', cost = 1 } = input;
  const team = world.teams.get(orgId);
  if (!team) throw new Error('organizations do not vanish');
  const { timeZone } = team;
  const windows = () => [
    ...dayAndMonth(team, world.now, { userId, limit }),
    ...dayAndMonth(team, world.now, { limit: team.allocation }),
  ];
  const refusing = windows().filter(
    (window) => window.limit !== null && window.used + cost > window.limit,
  );
  if (refusing.length === 0) {
    team.charges.push({ at: world.now, userId, activity, cost });
    return { allowed: true, cost, timeZone, windows: windows() };
  }
  const neverFits = refusing.some((window) => window.limit !== null && cost > window.limit);
  const resets = refusing.map(({ resetsAt }) => resetsAt.getTime());
  return {
    allowed: false,
    reason: 'limit_exceeded',
    cost,
    timeZone,
    windows: windows(),
    violated: refusing.map(({ policy }) => policy),
    retryAt: neverFits ? null : new Date(Math.max(...resets)),
    contact: 'Contact your organization administrator.',
  };
}
