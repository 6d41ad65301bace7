import { actingUser, requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import type { InviteResult } from '../model/invite-result.ts';
import type { StorageTransaction } from '../ports/storage.ts';
import { nodeCrypto } from '../system/node-crypto.ts';
import { toInvitationView } from './to-view.ts';

const lifeMs = 24 * 60 * 60 * 1000;

/** A call that may be repeated. */
export interface RepeatableCall {
  readonly orgId: string;
  readonly actor: Actor;
  readonly idempotencyKey: string;
  /** The addresses that the answer is about, in its order. */
  readonly addresses: readonly string[];
  /** Everything that the call asks for. */
  readonly request: unknown;
  /** Makes the call. */
  make(): Promise<readonly InviteResult[]>;
}

/** An outcome, and the invitation, the user or the limit that it names. No address, no link. */
type KeptResult =
  | readonly ['invited' | 'renewed' | 'already_invited', invitationId: string]
  | readonly ['already_member' | 'member_disabled', userId: string]
  | readonly ['pending_limit_reached' | 'member_limit_reached', limit: number]
  | readonly ['domain_not_allowed'];

const digest = (value: unknown) =>
  nodeCrypto().createHash('sha256').update(JSON.stringify(value)).digest('base64url');

/**
 * Invites once for each idempotency key of an actor: in the next 24 hours the same call gets the first
 * answer again, with its invitations as they stand by then. Throws `idempotency_key_reused`.
 */
export async function answerOnce(
  context: Context,
  tx: StorageTransaction,
  call: RepeatableCall,
): Promise<readonly InviteResult[]> {
  const { orgId, actor, idempotencyKey } = call;
  const now = context.clock.now();
  const key = digest([actingUser(actor), idempotencyKey]);
  const request = digest(call.request);
  const kept = await tx.findAnswer({ orgId, key }, now);
  if (kept) {
    if (kept.request !== request) throw new OrgUserManagerError('idempotency_key_reused', {});
    return repeat(context, tx, { ...call, kept: JSON.parse(kept.answer) });
  }
  const results = await call.make();
  const answer = JSON.stringify(results.map(toKept));
  await tx.keepAnswer({ orgId, key, request, answer, expiresAt: now + lifeMs }, now);
  return results;
}

function toKept(result: InviteResult): KeptResult {
  switch (result.outcome) {
    case 'invited':
    case 'renewed':
    case 'already_invited':
      return [result.outcome, result.invitation.id];
    case 'already_member':
    case 'member_disabled':
      return [result.outcome, result.userId];
    case 'pending_limit_reached':
    case 'member_limit_reached':
      return [result.outcome, result.limit];
    case 'domain_not_allowed':
      return [result.outcome];
  }
}

async function repeat(
  context: Context,
  tx: StorageTransaction,
  { orgId, actor, addresses, kept }: RepeatableCall & { readonly kept: readonly KeptResult[] },
): Promise<readonly InviteResult[]> {
  const invitationIds = kept.flatMap((result) => (isAboutInvitation(result) ? result[1] : []));
  const standing = await tx.load({ orgId, userIds: usersToLoad(actor), invitationIds });
  requireAdmin(standing, actor);
  const rows = new Map(standing.invitations.map((row) => [row.invitation.id, row]));
  return kept.map((result, index): InviteResult => {
    const address = addresses[index] ?? '';
    if (!isAboutInvitation(result)) return toRefusal(result, address);
    const [outcome, invitationId] = result;
    const row = rows.get(invitationId);
    if (!row) throw new Error('an invitation that was answered for is kept');
    return { outcome, address, invitation: toInvitationView(context, row.invitation, row.mail) };
  });
}

type KeptInvitation = Extract<
  KeptResult,
  readonly ['invited' | 'renewed' | 'already_invited', string]
>;

function isAboutInvitation(result: KeptResult): result is KeptInvitation {
  return result[0] === 'invited' || result[0] === 'renewed' || result[0] === 'already_invited';
}

function toRefusal(result: Exclude<KeptResult, KeptInvitation>, address: string): InviteResult {
  switch (result[0]) {
    case 'already_member':
    case 'member_disabled':
      return { outcome: result[0], address, userId: result[1] };
    case 'pending_limit_reached':
    case 'member_limit_reached':
      return { outcome: result[0], address, limit: result[1] };
    case 'domain_not_allowed':
      return { outcome: result[0], address };
  }
}
