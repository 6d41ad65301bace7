import type { Member } from '../model/member.ts';
import type { CurrentUsage, MemberView } from '../model/member-view.ts';

/** A member as the members table shows it. */
export function toMemberView(member: Member, usage: CurrentUsage | undefined): MemberView {
  return {
    ...member,
    usage: usage ?? { today: 0, thisMonth: 0 },
    joinedAt: new Date(member.joinedAt),
    disabledAt: member.disabledAt === null ? null : new Date(member.disabledAt),
  };
}
