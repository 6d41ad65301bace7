import type { OrgUserManagerOptions } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { createTeam } from '../fixtures/team.ts';
import { adminIdentity } from './doors.ts';

const at = (text: string) => Date.parse(text);

/** The only member of the organization in Amsterdam. */
export const founder = { ...adminIdentity, orgId: 'amsterdam' };

/** A manager whose organization counts in Amsterdam's time zone, with a clock that stands at `now`. */
export async function openAmsterdam(
  now: string,
  options: Partial<OrgUserManagerOptions> = {},
  allocation = {},
) {
  const team = await createTeam(memoryStorage({ now: () => at(now) }), options);
  const { manager, clock } = team;
  clock.set(at(now));
  const { orgId, userId, email } = founder;
  await manager.createOrganization({
    orgId,
    name: 'Amsterdam',
    timeZone: 'Europe/Amsterdam',
    admin: { userId, email },
    allocation,
  });
  const call = { orgId, userId, actor: { userId } };
  return {
    ...team,
    goTo: (time: string) => clock.set(at(time)),
    limit: (limit: object) => manager.setLimit({ ...call, ...limit }),
    use: (cost: number) => manager.consume({ orgId, userId, cost }),
    /** Units charged to the member today. */
    async used() {
      const { windows } = await manager.usage(call);
      return windows[0]?.used;
    },
  };
}

/** The state of the worked example: a used-up day of 25 hours in a month that has room. */
export async function openUsedUpDay(options: Partial<OrgUserManagerOptions> = {}) {
  const place = await openAmsterdam('2026-10-20T12:00:00Z', options);
  await place.use(12_880);
  place.goTo('2026-10-25T13:20:00Z');
  await place.use(1000);
  await place.limit({ daily: 1000, monthly: 20_000 });
  return place;
}
