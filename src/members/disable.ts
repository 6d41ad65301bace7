import type { Context } from '../context.ts';
import { changeMember, type MemberChange } from './change-member.ts';
import type { MemberInput } from './member-input.ts';

const disabling: MemberChange = {
  event: 'member.disabled',
  isDone: (member) => member.status === 'disabled',
  to: (now) => ({ status: 'disabled', disabledAt: now }),
};

/** Revokes a member's access at once; only support can restore it. */
export function disable(context: Context, input: MemberInput): Promise<void> {
  return changeMember(context, input, disabling);
}
