import * as z from 'zod/mini';
import { actorSchema, idSchema, roleSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { actingUser, requireAdmin, usersToLoad } from '../access/require-admin.ts';
import { partialLimitSchema } from '../access/terms-schemas.ts';
import type { Context } from '../context.ts';
import { judgeEntry, withoutBlanksAround } from '../emails/judge-entry.ts';
import type { Actor } from '../model/actor.ts';
import type { InvitePolicy } from '../model/invite-policy.ts';
import type { Role } from '../model/member.ts';
import type { Units } from '../model/usage-limit.ts';
import { commit } from '../transactions/commit.ts';

/** What `setInvitePolicy` takes; what is absent stays as it is. */
export interface SetInvitePolicyInput {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
  /**
   * Domains whose addresses may be invited, at most 100; empty = all. `example.com` is that domain
   * alone, `*.example.com` every domain below it.
   */
  readonly allowedDomains?: readonly string[] | undefined;
  /** Domains whose addresses may not, at most 100, in the same form; they win over the allowed ones. */
  readonly blockedDomains?: readonly string[] | undefined;
  /** What the invited become unless the invitation says otherwise. */
  readonly role?: Role | undefined;
  /** What they may consume unless the invitation says otherwise; an absent part stays as it is. */
  readonly limit?:
    | { readonly daily?: Units | undefined; readonly monthly?: Units | undefined }
    | undefined;
}

const mostDomains = 100;

/** A domain or `*.` and a domain, turned into lower-case A-labels. */
const domainSchema = z.pipe(
  z.string('must be a string'),
  z.transform((text: string, context) => {
    const [, wildcard = '', domain = ''] = /^(\*\.)?(.*)$/s.exec(withoutBlanksAround(text)) ?? [];
    // The one judge of addresses: a domain that none can be at is of no use here.
    const below = wildcard && 'below.';
    const judged = judgeEntry(`somebody@${below}${domain}`);
    if (judged.ok) return `${wildcard}${judged.domain.slice(below.length)}`;
    const message = `is not a domain (${judged.reason})`;
    context.issues.push({ code: 'custom', input: text, message });
    return z.NEVER;
  }),
);

/** Domains, each once; how many there are is checked before any of them. */
const domainsSchema = z.optional(
  z.pipe(
    z.pipe(
      z
        .array(z.unknown(), 'must be a list')
        .check(z.maxLength(mostDomains, `must hold at most ${mostDomains} domains`)),
      z.array(domainSchema),
    ),
    z.transform((domains: string[]) => [...new Set(domains)]),
  ),
);

const schema = z.strictObject({
  orgId: idSchema,
  actor: actorSchema,
  allowedDomains: domainsSchema,
  blockedDomains: domainsSchema,
  role: z.optional(roleSchema),
  limit: partialLimitSchema,
});

/** Sets whom admins may invite from now on, and what the invited get. */
export async function setInvitePolicy(
  context: Context,
  input: SetInvitePolicyInput,
): Promise<InvitePolicy> {
  const { orgId, actor, ...change } = parseInput(schema, input);
  const by = { orgId, at: context.clock.now(), actor: actingUser(actor) };
  return commit(context, orgId, async (tx, record) => {
    const standing = await tx.load({ orgId, userIds: usersToLoad(actor) });
    const organization = requireAdmin(standing, actor);
    const { invitePolicy: before } = organization;
    const { daily = before.limit.daily, monthly = before.limit.monthly } = change.limit ?? {};
    const invitePolicy = {
      allowedDomains: change.allowedDomains ?? before.allowedDomains,
      blockedDomains: change.blockedDomains ?? before.blockedDomains,
      role: change.role ?? before.role,
      limit: { daily, monthly },
    };
    await tx.updateOrganization({ ...organization, invitePolicy });
    record('organization.invite_policy_set', by);
    return invitePolicy;
  });
}
