import { Domains } from './domains.ts';
import { type JudgeOptions, judgeText, maxInput } from './judge-address.ts';
import type { BadAddress, GoodAddress } from './reasons.ts';
import { knownTlds } from './tlds.ts';

/** Says of an entry whether it can be invited. */
export type EntryJudge = (text: string) => GoodAddress | BadAddress;

const blank = /^[\s\p{Cf}]$/u;

/** Judges one entry; see `createEntryJudge`. */
export function judgeEntry(text: string, options: JudgeOptions = {}): GoodAddress | BadAddress {
  return createEntryJudge(options)(text);
}

/**
 * Judges what people enter in forms, lists and cells: blanks and invisible characters around an
 * address came with copying it. What is too long for an address is not looked at. See `judgeAddress`.
 */
export function createEntryJudge({ tlds }: JudgeOptions): EntryJudge {
  const domains = new Domains(knownTlds(tlds));
  return (text) => judgeText(text.length > maxInput ? text : withoutBlanksAround(text), domains);
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
