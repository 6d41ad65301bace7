import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import { actorSchema, idSchema, roleSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { actingUser, requireAdmin, usersToLoad } from '../access/require-admin.ts';
import { partialLimitSchema } from '../access/terms-schemas.ts';
import type { Context } from '../context.ts';
import {
  createEntryJudge,
  type EntryJudge,
  withoutBlanksAround,
} from '../emails/judge/judge-entry.ts';
import { OrgUserManagerError } from '../errors/index.ts';
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

/** Texts; how many there are is checked before any of them. */
const domainsSchema = z.optional(
  z.pipe(
    z
      .array(z.unknown(), 'must be a list')
      .check(z.maxLength(mostDomains, `must hold at most ${mostDomains} domains`)),
    z.array(z.string('must be a string')),
  ),
);

const schema = inputObject({
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
  const { orgId, actor, role, limit, ...domains } = parseInput(schema, input);
  const judge = createEntryJudge(context.settings);
  const allowedDomains = readDomains(judge, 'allowedDomains', domains.allowedDomains);
  const blockedDomains = readDomains(judge, 'blockedDomains', domains.blockedDomains);
  const by = { orgId, at: context.clock.now(), actor: actingUser(actor) };
  return commit(context, orgId, async (tx, record) => {
    const standing = await tx.load({ orgId, userIds: usersToLoad(actor) });
    const organization = requireAdmin(standing, actor);
    const { invitePolicy: before } = organization;
    const { daily = before.limit.daily, monthly = before.limit.monthly } = limit ?? before.limit;
    const invitePolicy = {
      allowedDomains: allowedDomains ?? before.allowedDomains,
      blockedDomains: blockedDomains ?? before.blockedDomains,
      role: role ?? before.role,
      limit: { daily, monthly },
    };
    await tx.updateOrganization({ ...organization, invitePolicy });
    record('organization.invite_policy_set', by);
    return invitePolicy;
  });
}

/** Domains or `*.` and a domain, each once, in lower-case A-labels. Throws `invalid_input`. */
function readDomains(judge: EntryJudge, path: string, domains?: readonly string[]) {
  const read = domains?.map((text, index) => {
    const [, wildcard = '', domain = ''] = /^(\*\.)?(.*)$/s.exec(withoutBlanksAround(text)) ?? [];
    // The one judge of addresses: a domain that none can be at is of no use here.
    const below = wildcard && 'below.';
    const judged = judge(`somebody@${below}${domain}`);
    if (judged.ok) return `${wildcard}${judged.domain.slice(below.length)}`;
    const message = `is not a domain (${judged.reason})`;
    throw new OrgUserManagerError('invalid_input', {
      issues: [{ path: `${path}.${index}`, message }],
    });
  });
  return read && [...new Set(read)];
}
