import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import { actorSchema, idSchema, roleSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { actingUser, requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import type { Invitation } from '../model/invitation.ts';
import { isUsable } from '../model/invitation-state.ts';
import type { InvitationView } from '../model/invitation-view.ts';
import type { Role } from '../model/member.ts';
import { hasOwn } from '../system/has-own.ts';
import { commit } from '../transactions/commit.ts';
import { findPending } from './find-pending.ts';
import { reissueInvitation } from './issue.ts';
import { type InvitePlan, planInvites } from './plan-invites.ts';
import { toInvitationView } from './to-view.ts';

/** What `resend` takes. */
export interface ResendInput {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor; answers for it from now on. */
  readonly actor: Actor;
  readonly invitationId: string;
  /** Makes a new link and kills the old one. Default: false, the same link lives on. */
  readonly rotate?: boolean | undefined;
  /** Changes what the person becomes. Default: as it was. */
  readonly role?: Role | undefined;
}

const schema = inputObject({
  orgId: idSchema,
  actor: actorSchema,
  invitationId: idSchema,
  rotate: z._default(z.boolean('must be true or false'), false),
  role: z.optional(roleSchema),
});

/** Sends a pending invitation again with a new life; an expired one is renewed in place. */
export async function resend(context: Context, input: ResendInput): Promise<InvitationView> {
  const { orgId, actor, invitationId, rotate, role } = parseInput(schema, input);
  const now = context.clock.now();
  const by = { orgId, at: now, actor: actingUser(actor) };
  const { resendCooldownMs, pendingInvitationLimit } = context.settings;
  const { invitation, mail } = await commit(context, orgId, async (tx, record) => {
    const standing = await tx.load({
      orgId,
      userIds: usersToLoad(actor),
      invitationIds: [invitationId],
    });
    const { pendingUpperBound } = requireAdmin(standing, actor);
    const current = findPending(standing, invitationId);
    refuseTooSoon(current, now, resendCooldownMs);
    const { organization, members } = await tx.load({ orgId, addresses: [current.address] });
    // An expired one does not count; renewed, it would.
    const pendingLimit = isUsable(current, now) ? null : pendingInvitationLimit;
    const isTight = pendingLimit !== null && pendingUpperBound >= pendingLimit;
    const pending = isTight ? await tx.countPending(orgId, now) : 0;
    const people = { organization, members, invitations: [] };
    refuse(planInvites(people, { now, pendingLimit, pending })(current.address));
    const terms = { role: role ?? current.role, invitedBy: by.actor, rotate };
    const issued = reissueInvitation(context, current, terms);
    if (!(await tx.updateInvitation(current, issued.invitation))) {
      throw new OrgUserManagerError('conflict', {});
    }
    await tx.insertMails([issued.mail]);
    record('invitation.resent', { ...by, invitationId });
    return issued;
  });
  context.wakeDelivery();
  return toInvitationView(context, invitation, mail);
}

function refuseTooSoon(invitation: Invitation, now: number, cooldownMs: number): void {
  const retryAt = invitation.lastSendAt + cooldownMs;
  if (now < retryAt) {
    throw new OrgUserManagerError('resend_too_soon', { retryAt: new Date(retryAt).toISOString() });
  }
}

function refuse(plan: InvitePlan): void {
  if (plan.step !== 'refuse') return;
  if (hasOwn(plan, 'limit')) {
    throw new OrgUserManagerError(plan.outcome, { limit: plan.limit });
  }
  const { outcome } = plan;
  throw new OrgUserManagerError(outcome === 'already_member' ? 'already_a_member' : outcome, {});
}
