import { inputObject } from '../access/input-object.ts';
import { actorSchema, addressSchema, idSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { termsFields } from '../access/terms-schemas.ts';
import type { Context } from '../context.ts';
import { judgeEntry } from '../emails/judge/judge-entry.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import type { InviteResult } from '../model/invite-result.ts';
import type { InviteTerms } from '../model/invite-terms.ts';
import { commit } from '../transactions/commit.ts';
import { inviteAddresses } from './invite-addresses.ts';

/** What `invite` takes. */
export interface InviteInput extends InviteTerms {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
  /** The address to invite. */
  readonly email: string;
}

const schema = inputObject({
  orgId: idSchema,
  actor: actorSchema,
  email: addressSchema,
  ...termsFields,
});

/** Invites one address. */
export async function invite(context: Context, input: InviteInput): Promise<InviteResult> {
  const { orgId, actor, email, ...terms } = parseInput(schema, input);
  const judged = judgeEntry(email, context.settings);
  if (!judged.ok) {
    const message = `is not an email address (${judged.reason})`;
    throw new OrgUserManagerError('invalid_input', { issues: [{ path: 'email', message }] });
  }
  const [result] = await commit(context, orgId, (tx, record) =>
    inviteAddresses(
      context,
      { tx, record },
      { orgId, actor, addresses: [email], terms, ownTerms: new Map() },
    ),
  );
  if (!result) throw new Error('inviteAddresses answers once for every address');
  context.wakeDelivery();
  return result;
}
