import type { Invitation } from '../model/invitation.ts';
import type { InvitePolicy } from '../model/invite-policy.ts';
import type { InviteTerms } from '../model/invite-terms.ts';

/** The terms of an invitation, all said. */
export type SettledTerms = Pick<Invitation, 'role' | 'limit' | 'name' | 'phone'>;

/** What the person gets: what the terms say, and where they say nothing what stood before. */
function settleTerms(
  { role, limit, name, phone }: InviteTerms,
  before: SettledTerms,
): SettledTerms {
  const { daily = before.limit.daily, monthly = before.limit.monthly } = limit ?? before.limit;
  return {
    role: role ?? before.role,
    limit: { daily, monthly },
    name: name ?? before.name,
    phone: phone ?? before.phone,
  };
}

/** Settles the terms of many: what is said of each wins over what is said of all, and that over `before`. */
export function settleEach(
  all: InviteTerms,
  own: ReadonlyMap<string, InviteTerms>,
  before: SettledTerms,
): (address: string) => SettledTerms {
  const common = settleTerms(all, before);
  return (address) => {
    const terms = own.get(address);
    return terms ? settleTerms(terms, common) : common;
  };
}

/** What somebody gets of whom nothing is said. */
export function termsOfPolicy({ role, limit }: InvitePolicy): SettledTerms {
  return { role, limit, name: null, phone: null };
}

/** Whether two say the same of role and limit, which is what a policy can change. */
export function areAlike(a: SettledTerms, b: SettledTerms): boolean {
  const { daily, monthly } = a.limit;
  return a.role === b.role && daily === b.limit.daily && monthly === b.limit.monthly;
}
