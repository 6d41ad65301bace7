import { actingUser, requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import { openPolicy } from '../model/invite-policy.ts';
import type { InviteResult } from '../model/invite-result.ts';
import type { InviteTerms } from '../model/invite-terms.ts';
import type { Organization } from '../model/organization.ts';
import type { InvitationRow } from '../ports/list-query.ts';
import type { StorageTransaction } from '../ports/storage.ts';
import { withNewIds } from '../system/new-id.ts';
import type { RecordEvent } from '../transactions/commit.ts';
import { issueInvitation, reissueInvitation } from './issue.ts';
import { type InvitePlan, planInvites } from './plan-invites.ts';
import { areAlike, type SettledTerms, settleEach, termsOfPolicy } from './terms.ts';
import { toInvitationView } from './to-view.ts';

/** Whom to invite, and who answers for it. */
export interface Invite {
  readonly orgId: string;
  readonly actor: Actor;
  /** In normal form, each once. */
  readonly addresses: readonly string[];
  /** Of all. */
  readonly terms: InviteTerms;
  /** Of some, by their addresses; they win. */
  readonly ownTerms: ReadonlyMap<string, InviteTerms>;
}

/** One address with what was decided, and what is written for it. */
interface Step {
  readonly address: string;
  readonly plan: InvitePlan;
  /** `undefined` = nothing is written for it. */
  readonly issued: InvitationRow | undefined;
}

interface Transaction {
  readonly tx: StorageTransaction;
  readonly record: RecordEvent;
}

/**
 * Invites every address. All are inserted unless they are there, then what decides is loaded, and what
 * may not stay is removed again: so that it takes a constant number of statements, however many are
 * invited or pending.
 */
export async function inviteAddresses(
  context: Context,
  { tx, record }: Transaction,
  { orgId, actor, addresses, terms, ownTerms }: Invite,
): Promise<readonly InviteResult[]> {
  const now = context.clock.now();
  const { pendingInvitationLimit: pendingLimit } = context.settings;
  const by = { orgId, at: now, actor: actingUser(actor) };
  const usual = settleEach(terms, ownTerms, termsOfPolicy(openPolicy));
  const offers = withNewIds(context, addresses, (id, address) => {
    const invitee = { ...usual(address), id, orgId, address, invitedBy: by.actor };
    return issueInvitation(context, invitee, now);
  });
  // First of all: this write takes the organization's lock.
  const added = new Set(await tx.insertInvitations(offers.map(({ invitation }) => invitation)));
  const taken = offers.filter(({ invitation }) => !added.has(invitation.id));
  const standing = await tx.load({
    orgId,
    userIds: usersToLoad(actor),
    addresses,
    pendingAddresses: taken.map(({ invitation }) => invitation.address),
  });
  const { pendingUpperBound, invitePolicy } = requireAdmin(standing, actor);
  if (standing.invitations.length < taken.length) throw new OrgUserManagerError('conflict', {});
  // The bound already has the offers in it, so there is room for all of them below the limit.
  const isTight = pendingLimit !== null && pendingUpperBound > pendingLimit;
  const pending = isTight ? (await tx.countPending(orgId, now)) - added.size : 0;
  const planFor = planInvites(standing, {
    now,
    pending,
    pendingLimit: isTight ? pendingLimit : null,
  });
  const settle = settleEach(terms, ownTerms, termsOfPolicy(invitePolicy));
  const steps = offers.map((offer): Step => {
    const { address } = offer.invitation;
    const plan = planFor(address);
    if (plan.step === 'create') {
      const settled = settle(address);
      const issued = areAlike(offer.invitation, settled) ? offer : withTerms(offer, settled);
      return { address, plan, issued };
    }
    if (plan.step !== 'renew') return { address, plan, issued: undefined };
    // What it promised stands, unless this call says otherwise.
    const { invitation } = plan.row;
    const renewed = { ...settleEach(terms, ownTerms, invitation)(address), invitedBy: by.actor };
    return { address, plan, issued: reissueInvitation(context, invitation, renewed) };
  });
  for (const { issued } of steps) {
    if (issued) record('invitation.invited', { ...by, invitationId: issued.invitation.id });
  }
  await write(tx, { orgId, offers, added, steps });
  return steps.map((step) => toResult(context, step));
}

function withTerms({ invitation, mail }: InvitationRow, terms: SettledTerms): InvitationRow {
  return { invitation: { ...invitation, ...terms }, mail };
}

interface Writing {
  readonly orgId: Organization['orgId'];
  readonly offers: readonly InvitationRow[];
  readonly added: ReadonlySet<string>;
  readonly steps: readonly Step[];
}

/** Leaves of the offers what was decided, renews what had expired, and queues the mails of both. */
async function write(tx: StorageTransaction, { orgId, offers, added, steps }: Writing) {
  const issued = steps.flatMap((step) => step.issued ?? []);
  const asOffered = new Set(offers);
  const changed = issued.filter((row) => !asOffered.has(row));
  if (changed.length > 0) {
    await tx.replaceInvitations(changed.map(({ invitation }) => invitation));
  }
  if (issued.length > 0) await tx.insertMails(issued.map(({ mail }) => mail));
  const stays = new Set(issued.map(({ invitation }) => invitation.id));
  const unwanted = [...added].filter((id) => !stays.has(id));
  if (unwanted.length > 0) await tx.deleteUnmailedInvitations(orgId, unwanted);
}

function toResult(context: Context, { address, plan, issued }: Step): InviteResult {
  if (plan.step === 'refuse') {
    const { step: _step, ...refusal } = plan;
    return { address, ...refusal };
  }
  const row = plan.step === 'keep' ? plan.row : issued;
  if (!row) throw new Error('what is created or renewed has a row');
  const outcome = ({ create: 'invited', renew: 'renewed', keep: 'already_invited' } as const)[
    plan.step
  ];
  return { outcome, address, invitation: toInvitationView(context, row.invitation, row.mail) };
}
