import { parseInput } from '../access/parse-input.ts';
import type { Context } from '../context.ts';
import { changeMember, type MemberChange, refuseDisabled } from './change-member.ts';
import type { MemberInput } from './member-input.ts';
import { memberInputSchema } from './member-input-schema.ts';

const demotion: MemberChange = {
  event: 'member.demoted',
  isDone(member) {
    refuseDisabled(member);
    return member.role === 'member';
  },
  to: () => ({ role: 'member' }),
  handover: { role: 'admin', keep: false },
};

/** Makes an admin a member, and revokes their usable invitations to the admin role. */
export async function demote(context: Context, input: MemberInput): Promise<void> {
  await changeMember(context, parseInput(memberInputSchema, input), demotion);
}
