import { actingUser, requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import type { InviteResult } from '../model/invite-result.ts';
import type { Role } from '../model/member.ts';
import type { InvitationRow } from '../ports/list-query.ts';
import type { StorageTransaction } from '../ports/storage.ts';
import { commit } from '../transactions/commit.ts';
import { issueInvitation, reissueInvitation } from './issue.ts';
import { type InvitePlan, planInvites } from './plan-invites.ts';
import { toInvitationView } from './to-view.ts';

interface Invite {
  readonly orgId: string;
  readonly actor: Actor;
  /** In normal form, none twice. */
  readonly addresses: readonly string[];
  readonly role: Role;
}

/** One address with what was decided, and what is written for it. */
interface Step {
  readonly address: string;
  readonly plan: InvitePlan;
  readonly issued?: InvitationRow;
}

/**
 * Invites every address in one transaction. All are inserted unless they are there, then what decides
 * is loaded, and what may not stay is removed again: so new ones take a constant number of statements,
 * however many are pending.
 */
export async function inviteAddresses(
  context: Context,
  { orgId, actor, addresses, role }: Invite,
): Promise<readonly InviteResult[]> {
  const now = context.clock.now();
  const limit = context.settings.pendingInvitationLimit ?? Number.POSITIVE_INFINITY;
  const by = { orgId, at: now, actor: actingUser(actor) };
  const terms = { orgId, role, invitedBy: by.actor };
  const steps = await commit(context, orgId, async (tx, record) => {
    const offers = addresses.map((address) => issueInvitation(context, { ...terms, address }));
    // First of all: this write takes the organization's lock.
    const added = new Set(await tx.insertInvitations(offers.map(({ invitation }) => invitation)));
    const taken = offers.filter(({ invitation }) => !added.has(invitation.id));
    const standing = await tx.load({
      orgId,
      userIds: usersToLoad(actor),
      addresses,
      pendingAddresses: taken.map(({ invitation }) => invitation.address),
    });
    const { pendingUpperBound } = requireAdmin(standing, actor);
    if (standing.invitations.length < taken.length) throw new OrgUserManagerError('conflict', {});
    let room = Number.POSITIVE_INFINITY;
    if (pendingUpperBound > limit) room = limit + added.size - (await tx.countPending(orgId, now));
    const planFor = planInvites(standing, now);
    const planned = offers.map((offer): Step => {
      const { address } = offer.invitation;
      const plan = planFor(address);
      if (plan.step === 'keep' || plan.step === 'refuse' || room <= 0) return { address, plan };
      room -= 1;
      if (plan.step === 'create') return { address, plan, issued: offer };
      return { address, plan, issued: reissueInvitation(context, plan.invitation, terms) };
    });
    for (const { invitation } of await writeIssued(tx, planned)) {
      added.delete(invitation.id);
      record('invitation.invited', { ...by, invitationId: invitation.id });
    }
    if (added.size > 0) await tx.deleteUnmailedInvitations(orgId, [...added]);
    return planned;
  });
  context.wakeDelivery();
  return steps.map((step) => toResult(context, step, limit));
}

/** Writes the renewals, and the mails of everything issued. */
async function writeIssued(
  tx: StorageTransaction,
  steps: readonly Step[],
): Promise<readonly InvitationRow[]> {
  for (const { plan, issued } of steps) {
    if (plan.step !== 'renew' || !issued) continue;
    const isRenewed = await tx.updateInvitation(plan.invitation, issued.invitation);
    if (!isRenewed) throw new OrgUserManagerError('conflict', {});
  }
  const issued = steps.flatMap((step) => step.issued ?? []);
  if (issued.length > 0) await tx.insertMails(issued.map(({ mail }) => mail));
  return issued;
}

function toResult(context: Context, { address, plan, issued }: Step, limit: number): InviteResult {
  if (plan.step === 'refuse') return { outcome: plan.outcome, address, userId: plan.userId };
  const row = plan.step === 'keep' ? plan.row : issued;
  if (!row) return { outcome: 'pending_limit_reached', address, limit };
  const outcome = ({ create: 'invited', renew: 'renewed', keep: 'already_invited' } as const)[
    plan.step
  ];
  return { outcome, address, invitation: toInvitationView(context, row.invitation, row.mail) };
}
