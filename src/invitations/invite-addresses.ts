import { actingUser, requireAdmin, usersToLoad } from '../access/require-admin.ts';
import { commit } from '../commit.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import type { InviteResult } from '../model/invite-result.ts';
import type { Role } from '../model/member.ts';
import type { InvitationRow } from '../ports/list-query.ts';
import type { StorageTransaction } from '../ports/storage.ts';
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

/** One address with what was decided, and what is to be written for it. */
interface Step {
  readonly address: string;
  readonly plan: InvitePlan;
  readonly issued?: InvitationRow;
}

/** Invites every address in one transaction; new ones take a constant number of statements. */
export async function inviteAddresses(
  context: Context,
  { orgId, actor, addresses, role }: Invite,
): Promise<readonly InviteResult[]> {
  const now = context.clock.now();
  const limit = context.settings.pendingInvitationLimit ?? Number.POSITIVE_INFINITY;
  const by = { orgId, at: now, actor: actingUser(actor) };
  const steps = await commit(context, orgId, async (tx, record) => {
    const standing = await tx.load({
      orgId,
      userIds: usersToLoad(actor),
      addresses,
      ...(Number.isFinite(limit) && { countPendingAt: now }),
    });
    requireAdmin(standing, actor);
    const planFor = planInvites(standing, now);
    let room = limit - standing.pendingInvitations;
    const planned = addresses.map((address): Step => {
      const plan = planFor(address);
      if (plan.step === 'keep' || plan.step === 'refuse' || room <= 0) return { address, plan };
      room -= 1;
      const terms = { role, invitedBy: by.actor };
      const issued =
        plan.step === 'create'
          ? issueInvitation(context, { orgId, address, ...terms })
          : reissueInvitation(context, plan.invitation, terms);
      return { address, plan, issued };
    });
    for (const { invitation } of await write(tx, planned)) {
      record('invitation.invited', { ...by, invitationId: invitation.id });
    }
    return planned;
  });
  context.wakeDelivery();
  return steps.map((step) => toResult(context, step, limit));
}

async function write(
  tx: StorageTransaction,
  steps: readonly Step[],
): Promise<readonly InvitationRow[]> {
  const issuedBy = (wanted: InvitePlan['step']) =>
    steps.flatMap(({ plan, issued }) => (issued && plan.step === wanted ? [issued] : []));
  const created = issuedBy('create');
  const renewed = issuedBy('renew');
  if (created.length > 0) {
    const ids = await tx.insertInvitations(created.map(({ invitation }) => invitation));
    if (ids.length < created.length) throw new OrgUserManagerError('conflict', {});
  }
  for (const { invitation } of renewed) {
    if (!(await tx.updateInvitation(invitation, invitation))) {
      throw new OrgUserManagerError('conflict', {});
    }
  }
  const issued = [...created, ...renewed];
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
