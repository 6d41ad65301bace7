import { inputObject } from '../access/input-object.ts';
import { actorSchema, idSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import type { Actor } from '../model/actor.ts';
import type { OrganizationView } from '../model/organization-view.ts';

/** What `organization` takes. */
export interface OrganizationInput {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
}

const schema = inputObject({ orgId: idSchema, actor: actorSchema });

/** The organization as its admins see it. */
export async function organization(
  context: Context,
  input: OrganizationInput,
): Promise<OrganizationView> {
  const { orgId, actor } = parseInput(schema, input);
  const standing = await context.storage.load({ orgId, userIds: usersToLoad(actor) });
  const {
    zoneChange: _,
    pendingUpperBound: __,
    createdAt,
    ...view
  } = requireAdmin(standing, actor);
  return { ...structuredClone(view), createdAt: new Date(createdAt) };
}
