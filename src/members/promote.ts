import type { Context } from '../context.ts';
import { changeMember, type MemberChange, refuseDisabled } from './change-member.ts';
import type { MemberInput } from './member-input.ts';

const promotion: MemberChange = {
  event: 'member.promoted',
  isDone(member) {
    refuseDisabled(member);
    return member.role === 'admin';
  },
  to: () => ({ role: 'admin' }),
};

/** Makes a member an admin. */
export function promote(context: Context, input: MemberInput): Promise<void> {
  return changeMember(context, input, promotion);
}
