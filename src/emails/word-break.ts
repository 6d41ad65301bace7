import type { Scope } from './candidate.ts';
import { goesOnInDomain } from './domain-end.ts';
import { foldLengthBefore, isFolded } from './folded-line.ts';
import { isLineBreak } from './line-break.ts';
import { unspacedScripts } from './unspaced-scripts.ts';

// Quoted-printable mail (RFC 2045) ends a line that goes on in the next one with an equals sign; HTML
// says with a tag where a word may be broken and which part of it was searched for or stands out.
const inside = String.raw`<(?:wbr ?\/?|\/?(?:mark|b|i|u|em|strong)|!--[^<>]*--)>`;
const lineEnd = String.raw`=(?:\r\n?|\n)`;
// Behind a tag, `まで` is no part of an address that stands in front of it.
const spacedLetter = String.raw`(?![${unspacedScripts}])[\p{L}\p{M}\p{N}]`;
const behindWord = new RegExp(
  String.raw`(?:[\p{L}\p{M}\p{N}.+_-](${lineEnd})|(?:${spacedLetter}|[.+_-])(${inside}))$`,
  'iu',
);
const beforeWord = new RegExp(
  String.raw`^(?:${lineEnd}[.-]*[\p{L}\p{M}\p{N}]|${inside}[.-]*${spacedLetter})`,
  'iu',
);
const closingTag = /^<\/[a-z]+>/i;
// So does a line with nothing but the key of the next one.
const keyOnly =
  /[\r\n](?:[\w-]*[_-])?(?:e?mails?|to|b?cc|from|users?|owners?|authors?|sender|recipients?)=[\r\n]+$/i;
// A dotted word that ends a line with a hyphen goes on in the next one.
const openWord = /[\s<"'(,;:][\p{L}\p{M}\p{N}_+]+(?:\.[\p{L}\p{M}\p{N}_+]+)+-(?:\r\n?|\n)$/u;
// `example.co` and `.uk`: nothing but a domain goes on so.
const secondLevel = /\.(?:ac|co|edu|go|gov|ne|or)$/i;
const openDomain = /^(?:\r\n?|\n)\.[a-z]{2}(?![\w-])/i;
const maxLabel = 64;
const window = 40;

/** How long the break inside a word is that ends at `start`; none when there is none. */
export function wordBreakBefore(text: string, start: number): number {
  const code = text.charCodeAt(start - 1);
  if (code === 0x20 || code === 0x09) return foldLengthBefore(text, start);
  if (!isLineBreak(code) && code !== 0x3e) return 0;
  const before = text.slice(Math.max(0, start - window), start);
  const [, line, tag] = behindWord.exec(before) ?? [];
  const found = line ?? tag;
  // The start of the text starts a line, too.
  const lines = () => (start > window ? before : `\n${before}`);
  if (found === undefined) return isHyphen(text, start) && openWord.test(lines()) ? 1 : 0;
  if (keyOnly.test(lines())) return 0;
  return found.length;
}

// Whether the line break that ends at `start` follows a hyphen.
function isHyphen(text: string, start: number): boolean {
  const code = text.charCodeAt(start - 2);
  return code === 0x2d || (code === 0x0d && text.charCodeAt(start - 3) === 0x2d);
}

/** Whether the word from `start` to `end` goes on behind a break. */
export function isBrokenOff(scope: Scope, start: number, end: number): boolean {
  const { text } = scope;
  if (isLineBreak(text.charCodeAt(end))) return isHyphenated(scope, end) || isFolded(scope, end);
  const tail = text.slice(end, end + window);
  if (!beforeWord.test(tail)) return false;
  // What a tag ends around a whole address, a word may follow.
  const [closing = ''] = closingTag.exec(tail) ?? [];
  if (closing !== '') return goesOnInDomain(scope, end, tail.slice(closing.length));
  // Equals signs around a word are decoration, unless the first one ends a key.
  return !/^(?:[^\p{L}\p{N}_-]|)=$/u.test(text.slice(Math.max(0, start - 2), start));
}

function isHyphenated(scope: Scope, end: number): boolean {
  const { text } = scope;
  const tail = text.slice(end, end + window);
  if (openDomain.test(tail)) return secondLevel.test(text.slice(end - 4, end));
  if (!/\.[a-z\d-]*-$/i.test(text.slice(Math.max(0, end - maxLabel), end))) return false;
  const [, next] = /^(?:\r\n?|\n)((?:[a-z\d-]+\.)+[a-z]{2,})(?![\w@.-])/.exec(tail) ?? [];
  return next !== undefined && scope.domains.hasTld(next.slice(next.lastIndexOf('.') + 1));
}
