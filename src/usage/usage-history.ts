import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import { actorSchema, idSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { requireMember, requireSelfOrAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import { counterKey } from '../limits/counters.ts';
import type { Actor } from '../model/actor.ts';
import type { UsageHistory } from '../model/usage-history.ts';
import { addDays, datesFrom, daysBetween, isLocalDate } from './local-dates.ts';

/** What `usageHistory` takes. */
export interface UsageHistoryInput {
  readonly orgId: string;
  /** An active admin, the system actor, or the very member that `userId` names. */
  readonly actor: Actor;
  /** One member's usage. Default: the whole organization's. */
  readonly userId?: string | undefined;
  /** First day, a local date such as `2026-10-25`, at most 399 days ago. Default: 29 days before `to`. */
  readonly from?: string | undefined;
  /** Last day, a local date; at most 366 days are given at once. Default: today. */
  readonly to?: string | undefined;
}

const mostDays = 366;
const oldestDays = 399;
const keysPerRead = 1000;

const dateSchema = z.optional(
  z
    .string('must be a date such as 2026-10-25')
    .check(z.refine(isLocalDate, 'must be a date such as 2026-10-25')),
);

const schema = inputObject({
  orgId: idSchema,
  actor: actorSchema,
  userId: z.optional(idSchema),
  from: dateSchema,
  to: dateSchema,
});

/** What was used on each day, in all and by activity. */
export async function usageHistory(
  context: Context,
  input: UsageHistoryInput,
): Promise<UsageHistory> {
  const { orgId, actor, userId, ...range } = parseInput(schema, input);
  const userIds = usersToLoad(actor, userId ?? null);
  const standing = await context.storage.load({ orgId, userIds });
  const organization = requireSelfOrAdmin(standing, actor, userId);
  if (userId !== undefined) requireMember(standing, userId);
  const today = context.calendar(organization, context.clock.now()).day.id;
  const dates = datesOf(range, today);
  const { activities } = context.settings;
  const names = ['', ...activities];
  const subject = userId ?? null;
  const keys = dates.flatMap((date) => names.map((name) => counterKey(subject, date, name)));
  const used = await readAll(context, orgId, keys);
  const days = dates.map((date, day) => {
    const [total = 0, ...parts] = used.slice(day * names.length, (day + 1) * names.length);
    return {
      date,
      used: total,
      activities: activities.map((activity, index) => ({ activity, used: parts[index] ?? 0 })),
    };
  });
  return { timeZone: organization.timeZone, days };
}

function datesOf(
  { to, from }: Pick<UsageHistoryInput, 'from' | 'to'>,
  today: string,
): readonly string[] {
  const last = to ?? today;
  const first = from ?? addDays(last, -29);
  const issues = [
    ...(daysBetween(first, today) > oldestDays
      ? [{ path: 'from', message: `must be at most ${oldestDays} days ago` }]
      : []),
    ...(daysBetween(first, last) < 0 || daysBetween(first, last) >= mostDays
      ? [{ path: 'to', message: `must be from 0 to ${mostDays - 1} days after the first day` }]
      : []),
  ];
  if (issues.length > 0) throw new OrgUserManagerError('invalid_input', { issues });
  return datesFrom(first, last);
}

async function readAll(
  { rateLimits }: Context,
  orgId: string,
  keys: readonly string[],
): Promise<readonly number[]> {
  const used: number[] = [];
  for (let start = 0; start < keys.length; start += keysPerRead) {
    used.push(...(await rateLimits.get(orgId, keys.slice(start, start + keysPerRead))));
  }
  return used;
}
