import type { Member } from './member.ts';

// What an index key has room for on every engine, beside two ids of 255 characters.
const maxCodePoints = 200;

/**
 * What the list of members sorts by when it sorts by name: what the table shows first, the name or
 * else the address, in lower case and normal form C, cut to 200 code points. Sort it by code points.
 */
export function memberSortName({ name, address }: Pick<Member, 'name' | 'address'>): string {
  const folded = (name ?? address).toLowerCase().normalize('NFC');
  return Array.from(folded).slice(0, maxCodePoints).join('');
}
