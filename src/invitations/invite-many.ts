import * as z from 'zod/mini';
import { actorSchema, idSchema, roleSchema, textListSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import type { Context } from '../context.ts';
import { judgeAddress } from '../emails/normalize-address.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import type { BulkInviteResult } from '../model/invite-result.ts';
import type { Role } from '../model/member.ts';
import { inviteAddresses } from './invite-addresses.ts';

/** What `inviteMany` takes. */
export interface InviteManyInput {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
  /** The addresses, such as those `bulkExtract` found; at most `bulkAddressLimit` of them. */
  readonly addresses: readonly string[];
  /** What these people become. Default: `member`. */
  readonly role?: Role | undefined;
}

const schema = z.strictObject({
  orgId: idSchema,
  actor: actorSchema,
  addresses: textListSchema,
  role: z._default(roleSchema, 'member'),
});

/** Invites many addresses in one transaction, with one result for each entry, in order. */
export async function inviteMany(
  context: Context,
  input: InviteManyInput,
): Promise<readonly BulkInviteResult[]> {
  const { addresses: entries, ...terms } = parseInput(schema, input);
  const most = context.settings.bulkAddressLimit;
  if (entries.length > most) {
    const message = `must hold at most ${most} addresses`;
    throw new OrgUserManagerError('invalid_input', { issues: [{ path: 'addresses', message }] });
  }
  const judged = entries.map((entry) => judgeAddress(entry.trim()));
  const addresses = [...new Set(judged.flatMap((verdict) => (verdict.ok ? verdict.key : [])))];
  const results = await inviteAddresses(context, { ...terms, addresses });
  const open = new Map(results.map((result) => [result.address, result]));
  return judged.map((verdict, index): BulkInviteResult => {
    if (!verdict.ok) {
      const { reason } = verdict;
      return { outcome: 'invalid_address', input: entries[index] ?? '', reason };
    }
    const result = open.get(verdict.key);
    open.delete(verdict.key);
    return result ?? { outcome: 'duplicate', address: verdict.key };
  });
}
