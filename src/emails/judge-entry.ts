import type { BadAddress, GoodAddress } from './judged-address.ts';
import { judgeAddress } from './normalize-address.ts';

const blank = /^[\s\p{Cf}]$/u;
// Far beyond the 254 octets of an address in any form, with the blanks that came with it.
const longestEntry = 1_024;

/**
 * Judges what somebody entered in a form, a list or a cell: blanks and invisible characters around an
 * address came with copying it. What is too long for an address is not looked at. See `judgeAddress`.
 */
export function judgeEntry(text: string): GoodAddress | BadAddress {
  if (text.length > longestEntry) return { ok: false, reason: 'too-long' };
  return judgeAddress(withoutBlanksAround(text));
}

/** A text without blanks and invisible characters around it. */
export function withoutBlanksAround(text: string): string {
  let start = 0;
  let end = text.length;
  // An expression for the blanks at the end would look at every run of blanks again and again.
  for (const character of text) {
    if (!blank.test(character)) break;
    start += character.length;
  }
  while (end > start) {
    const size = end > 1 && (text.codePointAt(end - 2) ?? 0) > 0xffff ? 2 : 1;
    if (!blank.test(text.slice(end - size, end))) break;
    end -= size;
  }
  return text.slice(start, end);
}
