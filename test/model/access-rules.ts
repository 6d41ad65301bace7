import { type Actor, OrgUserManagerError } from 'org-user-manager';
import { findMember, type Team, type World } from './world.ts';

interface Administrative {
  readonly orgId: string;
  readonly actor: Actor;
}

interface Admission {
  readonly team: Team;
  /** The acting user; `null` for the system actor. */
  readonly by: string | null;
}

function admit({ teams }: World, { orgId, actor }: Administrative): Admission {
  const team = teams.get(orgId);
  if (!('userId' in actor)) {
    if (!team) throw new OrgUserManagerError('organization_not_found', {});
    return { team, by: null };
  }
  const member = team && findMember(team, actor.userId);
  if (!member) throw new OrgUserManagerError('not_a_member', {});
  if (member.status === 'disabled') throw new OrgUserManagerError('member_disabled', {});
  return { team, by: actor.userId };
}

/** Only an active admin may, or the system. */
export function requireAdmin(world: World, call: Administrative): Admission {
  const { team, by } = admit(world, call);
  if (by !== null && findMember(team, by)?.role !== 'admin') {
    throw new OrgUserManagerError('not_an_admin', {});
  }
  return { team, by };
}

/** Any active member may look at themselves. */
export function requireSelfOrAdmin(
  world: World,
  call: Administrative & { readonly userId?: string | undefined },
): Admission {
  const { team, by } = admit(world, call);
  return by !== null && by === call.userId ? { team, by } : requireAdmin(world, call);
}
