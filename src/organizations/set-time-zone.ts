import { inputObject } from '../access/input-object.ts';
import { actorSchema, idSchema, timeZoneSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { actingUser, requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import type { Actor } from '../model/actor.ts';
import type { Organization } from '../model/organization.ts';
import { commit } from '../transactions/commit.ts';

/** What `setTimeZone` takes. */
export interface SetTimeZoneInput {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
  /** An IANA zone, such as `Europe/Amsterdam`; no offset. */
  readonly timeZone: string;
}

/** A time zone that was set, and when it takes effect. */
export interface TimeZoneSetting {
  /** The IANA zone. */
  readonly timeZone: string;
  /** When the running day ends, and days of this zone begin. */
  readonly dayEndsAt: Date;
  /** When the running month ends, and months of this zone begin. */
  readonly monthEndsAt: Date;
}

const schema = inputObject({ orgId: idSchema, actor: actorSchema, timeZone: timeZoneSchema });

/** Sets the zone in which days and months begin from the next ones on. */
export async function setTimeZone(
  context: Context,
  input: SetTimeZoneInput,
): Promise<TimeZoneSetting> {
  const { orgId, actor, timeZone } = parseInput(schema, input);
  const at = context.clock.now();
  return commit(context, orgId, async (tx, record) => {
    const standing = await tx.load({ orgId, userIds: usersToLoad(actor) });
    const organization = requireAdmin(standing, actor);
    const changed = changeZone(context, organization, { timeZone, at });
    await tx.updateOrganization(changed);
    record('organization.time_zone_set', { orgId, at, actor: actingUser(actor) });
    const { day, month } = context.calendar(changed, at);
    return { timeZone, dayEndsAt: new Date(day.endsAt), monthEndsAt: new Date(month.endsAt) };
  });
}

/**
 * The organization in another zone. A change that has not taken effect is replaced: only the zone in
 * which a day or month has begun says when it ends.
 */
function changeZone(
  { calendar }: Context,
  organization: Organization,
  { timeZone, at }: { readonly timeZone: string; readonly at: number },
): Organization {
  const { timeZone: from, zoneChange: before } = organization;
  if (timeZone === from) return organization;
  const { day, month } = calendar(organization, at);
  if (before && day.id === before.date && at < before.dayEndsAt) {
    return { ...organization, timeZone };
  }
  const monthGoesOn = before && month.id === before.date.slice(0, 7) && at < before.monthEndsAt;
  const monthEndsAt = monthGoesOn ? before.monthEndsAt : month.endsAt;
  const zoneChange = { from, at, date: day.id, dayEndsAt: day.endsAt, monthEndsAt };
  return { ...organization, timeZone, zoneChange };
}
