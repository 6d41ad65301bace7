import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import { actorSchema, idSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { requireMember, requireSelfOrAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { counterKey } from '../limits/counters.ts';
import { organizationWindows, userWindows } from '../limits/usage-windows.ts';
import type { Actor } from '../model/actor.ts';
import { toWindowUsage } from '../model/to-decision.ts';
import type { ActivityUsage, UsageReport } from '../model/usage-report.ts';

/** What `usage` takes. */
export interface UsageInput {
  readonly orgId: string;
  /** An active admin, the system actor, or the very member that `userId` names. */
  readonly actor: Actor;
  /** One member's usage. Default: the whole organization's. */
  readonly userId?: string | undefined;
}

const schema = inputObject({
  orgId: idSchema,
  actor: actorSchema,
  userId: z.optional(idSchema),
});

/** What was used today and this month, in all and by activity. */
export async function usage(context: Context, input: UsageInput): Promise<UsageReport> {
  const { orgId, actor, userId } = parseInput(schema, input);
  const userIds = usersToLoad(actor, userId ?? null);
  const standing = await context.storage.load({ orgId, userIds });
  const organization = requireSelfOrAdmin(standing, actor, userId);
  const calendar = context.calendar(organization, context.clock.now());
  const policies =
    userId === undefined
      ? organizationWindows(organization, calendar)
      : userWindows(userId, requireMember(standing, userId).limit, calendar);
  const used = await context.rateLimits.get(
    orgId,
    policies.map(({ key }) => key),
  );
  return {
    timeZone: organization.timeZone,
    windows: policies.map((policy, index) => toWindowUsage(policy, used[index] ?? 0)),
    activities: await byActivity(context, {
      orgId,
      userId: userId ?? null,
      dayId: calendar.day.id,
    }),
  };
}

interface Subject {
  readonly orgId: string;
  readonly userId: string | null;
  readonly dayId: string;
}

async function byActivity(
  context: Context,
  { orgId, userId, dayId }: Subject,
): Promise<readonly ActivityUsage[]> {
  const { activities } = context.settings;
  const days = daysOfMonthUntil(dayId);
  const keys = activities.flatMap((activity) =>
    days.map((day) => counterKey(userId, day, activity)),
  );
  const used = await context.rateLimits.get(orgId, keys);
  return activities.map((activity, index) => {
    const ofMonth = used.slice(index * days.length, (index + 1) * days.length);
    return {
      activity,
      today: ofMonth.at(-1) ?? 0,
      thisMonth: ofMonth.reduce((sum, units) => sum + units, 0),
    };
  });
}

/** `2026-10-01` to the given day. */
function daysOfMonthUntil(dayId: string): readonly string[] {
  const days = Number(dayId.slice(8));
  return Array.from(
    { length: days },
    (_, index) => `${dayId.slice(0, 8)}${String(index + 1).padStart(2, '0')}`,
  );
}
