import { actingUser } from '../access/require-admin.ts';
import type { Actor } from '../model/actor.ts';

/** Whom a plan is good for. */
export function planScope(orgId: string, actor: Actor): readonly (string | null)[] {
  return [orgId, actingUser(actor)];
}
