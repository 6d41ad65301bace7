import { parseInput } from '../access/parse-input.ts';
import type { Context } from '../context.ts';
import { changeMember, type MemberChange, refuseDisabled } from './change-member.ts';
import type { MemberInput } from './member-input.ts';
import { memberInputSchema } from './member-input-schema.ts';

const promotion: MemberChange = {
  event: 'member.promoted',
  isDone(member) {
    refuseDisabled(member);
    return member.role === 'admin';
  },
  to: () => ({ role: 'admin' }),
  handover: null,
};

/** Makes a member an admin. */
export async function promote(context: Context, input: MemberInput): Promise<void> {
  await changeMember(context, parseInput(memberInputSchema, input), promotion);
}
