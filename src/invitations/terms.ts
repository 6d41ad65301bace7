import type { Invitation } from '../model/invitation.ts';
import type { InvitePolicy } from '../model/invite-policy.ts';
import type { InviteTerms } from '../model/invite-terms.ts';

/** The terms of an invitation, all said. */
export type SettledTerms = Pick<Invitation, 'role' | 'limit' | 'name' | 'phone'>;

/** What the person gets: what the invitation says, and for the rest what the policy says. */
export function settleTerms(
  { role, limit, name, phone }: InviteTerms,
  policy: Pick<InvitePolicy, 'role' | 'limit'>,
): SettledTerms {
  const { daily = policy.limit.daily, monthly = policy.limit.monthly } = limit ?? {};
  return {
    role: role ?? policy.role,
    limit: { daily, monthly },
    name: name ?? null,
    phone: phone ?? null,
  };
}

/** Whether two say the same of role and limit, which is what a policy can change. */
export function areAlike(a: SettledTerms, b: SettledTerms): boolean {
  const { daily, monthly } = a.limit;
  return a.role === b.role && daily === b.limit.daily && monthly === b.limit.monthly;
}
