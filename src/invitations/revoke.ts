import { inputObject } from '../access/input-object.ts';
import { actorSchema, idSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { actingUser, requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import { commit } from '../transactions/commit.ts';
import { findPending } from './find-pending.ts';

/** What `revoke` takes. */
export interface RevokeInput {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
  readonly invitationId: string;
}

const schema = inputObject({ orgId: idSchema, actor: actorSchema, invitationId: idSchema });

/** Ends a pending invitation; its link stops working at once. */
export async function revoke(context: Context, input: RevokeInput): Promise<void> {
  const { orgId, actor, invitationId } = parseInput(schema, input);
  const now = context.clock.now();
  const by = { orgId, at: now, actor: actingUser(actor) };
  await commit(context, orgId, async (tx, record) => {
    const userIds = usersToLoad(actor);
    const standing = await tx.load({ orgId, userIds, invitationIds: [invitationId] });
    requireAdmin(standing, actor);
    const pending = findPending(standing, invitationId);
    const ended = { status: 'revoked', endedAt: now, endedBy: by.actor } as const;
    if (!(await tx.updateInvitation(pending, { ...pending, ...ended }))) {
      throw new OrgUserManagerError('conflict', {});
    }
    record('invitation.revoked', { ...by, invitationId });
  });
}
