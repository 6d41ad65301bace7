import type { Scope } from './candidate.ts';

const labelBehind = /[\p{L}\p{M}\p{N}-]*$/u;
const labelBefore = /^[\p{L}\p{M}\p{N}-]*/u;
const goesOn = /^[.-]*[\p{L}\p{M}\p{N}]/u;
const maxLabel = 63;

/**
 * Whether the domain that ends at `end` may go on with `next`, which something stands in front of. Behind
 * `example.co`, an `m` does; behind `example.com`, a word such as `Admin` makes it nothing.
 */
export function goesOnInDomain({ text, domains }: Scope, end: number, next: string): boolean {
  if (!goesOn.test(next)) return false;
  const [rest = ''] = labelBefore.exec(next) ?? [];
  if (rest === '' || /^\.[\p{L}\p{N}]/u.test(next.slice(rest.length))) return true;
  const [label = ''] = labelBehind.exec(text.slice(Math.max(0, end - maxLabel), end)) ?? [];
  return domains.hasTld(label + rest);
}
