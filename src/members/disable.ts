import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import { parseInput } from '../access/parse-input.ts';
import { actingUser } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { InvitationHandover } from '../model/invitation-handover.ts';
import { changeMember } from './change-member.ts';
import type { MemberInput } from './member-input.ts';
import { memberFields } from './member-input-schema.ts';

/** What `disable` takes. */
export interface DisableInput extends MemberInput {
  /**
   * Makes the actor answer for the person's pending invitations: an admin by name, the system actor
   * without one. An actor cannot keep their own. Default: false, all of them are revoked.
   */
  readonly keepInvitations?: boolean | undefined;
}

const schema = inputObject({
  ...memberFields,
  keepInvitations: z._default(z.boolean('must be true or false'), false),
});

/**
 * Revokes a member's access at once; only support can restore it. Their pending invitations are
 * revoked with it, or kept by the actor.
 */
export async function disable(context: Context, input: DisableInput): Promise<InvitationHandover> {
  const { keepInvitations, ...target } = parseInput(schema, input);
  if (keepInvitations && actingUser(target.actor) === target.userId) {
    const message = 'must be false when you disable yourself';
    throw new OrgUserManagerError('invalid_input', {
      issues: [{ path: 'keepInvitations', message }],
    });
  }
  return changeMember(context, target, {
    event: 'member.disabled',
    isDone: (member) => member.status === 'disabled',
    to: (now) => ({ status: 'disabled', disabledAt: now }),
    handover: { role: undefined, keep: keepInvitations },
  });
}
