import { OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import type { Member } from '../model/member.ts';
import type { Organization } from '../model/organization.ts';
import type { Standing } from '../ports/storage.ts';
import { hasOwn } from '../system/has-own.ts';

/** The user behind an actor; `null` for the system actor. */
export function actingUser(actor: Actor): string | null {
  return hasOwn(actor, 'userId') ? actor.userId : null;
}

/** The users to load so that `requireAdmin` can decide, with others of interest. */
export function usersToLoad(actor: Actor, ...others: readonly (string | null)[]): string[] {
  const users = [actingUser(actor), ...others].filter((userId) => userId !== null);
  return [...new Set(users)];
}

/** The member with this user id, if the standing holds it. */
export function findMember(standing: Standing, userId: string): Member | undefined {
  return standing.members.find((member) => member.userId === userId);
}

/** The organization. Throws `organization_not_found`. */
function requireOrganization(standing: Standing): Organization {
  if (!standing.organization) throw new OrgUserManagerError('organization_not_found', {});
  return standing.organization;
}

/**
 * An active member. Throws `not_a_member` or `member_disabled`. An organization that does not exist
 * answers like one the user is not in, so that ids cannot be probed.
 */
function requireActiveMember(standing: Standing, userId: string): Member {
  const member = findMember(standing, userId);
  if (!member) throw new OrgUserManagerError('not_a_member', {});
  if (member.status !== 'active') throw new OrgUserManagerError('member_disabled', {});
  return member;
}

/**
 * The organization, if the actor may manage it: as an active admin, or as the system.
 * Throws `not_a_member`, `member_disabled`, `not_an_admin` or `organization_not_found`.
 */
export function requireAdmin(standing: Standing, actor: Actor): Organization {
  const userId = actingUser(actor);
  if (userId !== null && requireActiveMember(standing, userId).role !== 'admin') {
    throw new OrgUserManagerError('not_an_admin', {});
  }
  return requireOrganization(standing);
}

/**
 * The organization, if the actor may look at this user: as whoever may manage, or as that active
 * member. Throws what `requireAdmin` throws.
 */
export function requireSelfOrAdmin(
  standing: Standing,
  actor: Actor,
  userId: string | undefined,
): Organization {
  if (userId === undefined || actingUser(actor) !== userId) return requireAdmin(standing, actor);
  requireActiveMember(standing, userId);
  return requireOrganization(standing);
}

/** The member a call is about. Throws `member_not_found`. */
export function requireMember(standing: Standing, userId: string): Member {
  const member = findMember(standing, userId);
  if (!member) throw new OrgUserManagerError('member_not_found', {});
  return member;
}
