import { actingUser, requireAdmin, usersToLoad } from '../access/require-admin.ts';
import { commit } from '../commit.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import type { InviteResult } from '../model/invite-result.ts';
import type { Role } from '../model/member.ts';
import type { InvitationRow } from '../ports/list-query.ts';
import type { StorageTransaction } from '../ports/storage.ts';
import { type Invitee, issueInvitation, reissueInvitation } from './issue.ts';
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

/**
 * Invites every address in one transaction. New ones take a constant number of statements: they are
 * inserted unless they are there, and only what was there is looked up.
 */
export async function inviteAddresses(
  context: Context,
  { orgId, actor, addresses, role }: Invite,
): Promise<readonly InviteResult[]> {
  const now = context.clock.now();
  const limit = context.settings.pendingInvitationLimit ?? Number.POSITIVE_INFINITY;
  const by = { orgId, at: now, actor: actingUser(actor) };
  const terms = { role, invitedBy: by.actor };
  const steps = await commit(context, orgId, async (tx, record) => {
    const standing = await tx.load({
      orgId,
      userIds: usersToLoad(actor),
      addresses,
      ...(Number.isFinite(limit) && { countPendingAt: now }),
    });
    requireAdmin(standing, actor);
    const { members } = standing;
    let room = limit - standing.pendingInvitations;
    const planAll = (some: readonly string[], invitations: readonly InvitationRow[]) => {
      const planFor = planInvites({ members, invitations }, now);
      return some.map((address): Step => {
        const plan = planFor(address);
        if (plan.step === 'keep' || plan.step === 'refuse' || room <= 0) return { address, plan };
        room -= 1;
        return { address, plan, issued: issue(context, plan, { orgId, address, ...terms }) };
      });
    };
    // Close to the limit, who is pending decides who still fits.
    const known = addresses.length > room ? await findPending(tx, orgId, addresses) : [];
    const planned = planAll(addresses, known);
    const taken = await insertCreated(tx, planned);
    room += taken.length;
    const found = taken.length > 0 ? await findPending(tx, orgId, taken) : [];
    if (found.length < taken.length) throw new OrgUserManagerError('conflict', {});
    const corrected = new Map(planAll(taken, found).map((step) => [step.address, step]));
    const final = planned.map((step) => corrected.get(step.address) ?? step);
    for (const { invitation } of await writeIssued(tx, final)) {
      record('invitation.invited', { ...by, invitationId: invitation.id });
    }
    return final;
  });
  context.wakeDelivery();
  return steps.map((step) => toResult(context, step, limit));
}

function issue(
  context: Context,
  plan: Extract<InvitePlan, { step: 'create' | 'renew' }>,
  invitee: Invitee,
): InvitationRow {
  return plan.step === 'create'
    ? issueInvitation(context, invitee)
    : reissueInvitation(context, plan.invitation, invitee);
}

async function findPending(
  tx: StorageTransaction,
  orgId: string,
  pendingAddresses: readonly string[],
): Promise<readonly InvitationRow[]> {
  const { invitations } = await tx.load({ orgId, pendingAddresses });
  return invitations;
}

/** Inserts what is new; returns the addresses that turned out to be pending already. */
async function insertCreated(
  tx: StorageTransaction,
  steps: readonly Step[],
): Promise<readonly string[]> {
  const created = steps.flatMap(({ plan, issued }) =>
    plan.step === 'create' && issued ? issued.invitation : [],
  );
  if (created.length === 0) return [];
  const inserted = new Set(await tx.insertInvitations(created));
  return created.filter(({ id }) => !inserted.has(id)).map(({ address }) => address);
}

/** Writes the renewals, and the mails of everything issued. */
async function writeIssued(
  tx: StorageTransaction,
  steps: readonly Step[],
): Promise<readonly InvitationRow[]> {
  const renewed = steps.flatMap(({ plan, issued }) =>
    plan.step === 'renew' && issued ? { from: plan.invitation, to: issued.invitation } : [],
  );
  for (const { from, to } of renewed) {
    if (!(await tx.updateInvitation(from, to))) throw new OrgUserManagerError('conflict', {});
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
