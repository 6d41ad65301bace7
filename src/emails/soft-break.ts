// Quoted-printable mail (RFC 2045) ends a line that goes on in the next one with an equals sign.
const behindWord = /[\p{L}\p{M}\p{N}.+_-]=(?:\r\n?|\n)$/u;
const beforeWord = /^=(?:\r\n?|\n)[\p{L}\p{M}\p{N}.-]/u;
// So does a line with nothing but the key of the next one.
const keyOnly =
  /[\r\n](?:[\w-]*[_-])?(?:e?mails?|to|b?cc|from|users?|owners?|authors?|sender|recipients?)=[\r\n]+$/i;
const window = 40;

/** How long the line break inside a word is that ends at `start`; none when there is none. */
export function softBreakBefore(text: string, start: number): number {
  const code = text.charCodeAt(start - 1);
  if (code !== 0x0a && code !== 0x0d) return 0;
  const before = text.slice(Math.max(0, start - window), start);
  if (!behindWord.test(before)) return 0;
  // The start of the text starts a line, too.
  if (keyOnly.test(start > window ? before : `\n${before}`)) return 0;
  return before.length - before.lastIndexOf('=');
}

/** Whether the word from `start` to `end` goes on in the next line. */
export function isBrokenOff(text: string, start: number, end: number): boolean {
  if (!beforeWord.test(text.slice(end, end + 4))) return false;
  // Equals signs around a word are decoration, unless the first one ends a key.
  return !/^(?:[^\p{L}\p{N}_-]|)=$/u.test(text.slice(Math.max(0, start - 2), start));
}
