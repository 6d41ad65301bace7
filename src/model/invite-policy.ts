import type { Role } from './member.ts';
import { noLimit, type UsageLimit } from './usage-limit.ts';

/** Whom an organization lets in, and what they get unless an invitation says otherwise. */
export interface InvitePolicy {
  /**
   * Domains whose addresses may be invited; empty = all that are not blocked. `example.com` is that
   * domain alone, `*.example.com` every domain below it. Lower case, A-labels.
   */
  readonly allowedDomains: readonly string[];
  /** Domains whose addresses may not, in the same form; wins over `allowedDomains`. */
  readonly blockedDomains: readonly string[];
  /** What the invited become. */
  readonly role: Role;
  /** What the invited may consume. */
  readonly limit: UsageLimit;
}

/** The policy of an organization that has set none. */
export const openPolicy: InvitePolicy = Object.freeze({
  allowedDomains: Object.freeze([]),
  blockedDomains: Object.freeze([]),
  role: 'member',
  limit: noLimit,
});

/** Whether an address in normal form may be invited. */
export function admits(
  { allowedDomains, blockedDomains }: Pick<InvitePolicy, 'allowedDomains' | 'blockedDomains'>,
  address: string,
): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const isMeant = (pattern: string) =>
    pattern.startsWith('*.') ? domain.endsWith(pattern.slice(1)) : domain === pattern;
  if (blockedDomains.some(isMeant)) return false;
  return allowedDomains.length === 0 || allowedDomains.some(isMeant);
}
