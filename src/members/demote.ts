import type { Context } from '../context.ts';
import { changeMember, type MemberChange, refuseDisabled } from './change-member.ts';
import type { MemberInput } from './member-input.ts';

const demotion: MemberChange = {
  event: 'member.demoted',
  isDone(member) {
    refuseDisabled(member);
    return member.role === 'member';
  },
  to: () => ({ role: 'member' }),
};

/** Makes an admin a member. */
export function demote(context: Context, input: MemberInput): Promise<void> {
  return changeMember(context, input, demotion);
}
