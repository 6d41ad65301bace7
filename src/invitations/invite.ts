import * as z from 'zod/mini';
import { actorSchema, addressSchema, idSchema, roleSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import type { Context } from '../context.ts';
import type { Actor } from '../model/actor.ts';
import type { InviteResult } from '../model/invite-result.ts';
import type { Role } from '../model/member.ts';
import { inviteAddresses } from './invite-addresses.ts';

/** What `invite` takes. */
export interface InviteInput {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
  /** The address to invite. */
  readonly email: string;
  /** What the person becomes. Default: `member`. */
  readonly role?: Role | undefined;
}

const schema = z.strictObject({
  orgId: idSchema,
  actor: actorSchema,
  email: addressSchema,
  role: z._default(roleSchema, 'member'),
});

/** Invites one address. */
export async function invite(context: Context, input: InviteInput): Promise<InviteResult> {
  const { email, ...terms } = parseInput(schema, input);
  const [result] = await inviteAddresses(context, { ...terms, addresses: [email] });
  if (!result) throw new Error('inviteAddresses answers once for every address');
  return result;
}
