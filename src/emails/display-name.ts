import { codePointBefore } from './scan-back.ts';

/** The words before `<address>`. */
export interface DisplayName {
  /** Where they start, an opening quote included. */
  readonly start: number;
  /** Empty when no name can be told from them. */
  readonly name: string;
}

// Nearly every name: nothing to take away.
const ordinary = /^[a-z.,()&/-]+(?: [a-z.,()&/-]+)*$/i;
const halfOfDay = /^[ap]\.?m\.?,?$/i;
const maxName = 200;
const maxWords = 4;
const [lineFeed, carriageReturn, space] = [0x0a, 0x0d, 0x20];
const [quote, openParenthesis, comma, hyphen, backslash] = [0x22, 0x28, 0x2c, 0x2d, 0x5c];
const particle =
  /^(?:van|von|de|der|den|del|della|di|da|la|le|bin|ibn|al|el|dos|du|zu|zur|ten|ter|y|and|und|&)$/i;

/**
 * Reads the display name before the `<` at `angle`, not before `floor`.
 *
 * Of a sentence only its capitalized end is a name: no name is better than a wrong one.
 */
export function readDisplayName(text: string, angle: number, floor: number): DisplayName {
  let end = angle;
  while (end > floor && mayPrecedeAngle(text.charCodeAt(end - 1))) end--;
  const lowest = Math.max(floor, end - maxName);
  if (text.charAt(end - 1) === '"') return readQuoted(text, end - 1, Math.max(0, end - maxName));
  let start = end;
  while (start > lowest && !endsName(text.charCodeAt(start - 1))) start--;
  return { start, name: end - start === maxName ? '' : nameIn(text, start, end) };
}

// Does not stop at the floor: addresses inside the quotes are part of the name.
function readQuoted(text: string, close: number, lowest: number): DisplayName {
  let open = close - 1;
  while (open >= lowest && !endsQuote(text.charCodeAt(open))) {
    open -= codePointBefore(text, open + 1, lowest) > 0xffff ? 2 : 1;
    if (text.charCodeAt(open) === quote && text.charCodeAt(open - 1) === backslash) open -= 2;
  }
  if (open < lowest || text.charCodeAt(open) !== quote) return { start: close, name: '' };
  const quoted = text.slice(open + 1, close);
  return {
    start: open,
    name: ordinary.test(quoted) ? quoted : cleanName(quoted.replace(/\\(.)/g, '$1')),
  };
}

function endsQuote(code: number): boolean {
  return code === quote || code === lineFeed || code === carriageReturn;
}

// `Ana (<ana@example.com>)`, too.
function mayPrecedeAngle(code: number): boolean {
  return code === space || code === 0xa0 || code === openParenthesis;
}

// Line breaks, tabs and `;<>:|"`.
function endsName(code: number): boolean {
  if (code > 0x7c || isPlainLetter(code)) return false;
  if (code < 14) return code > 8 && code !== 11 && code !== 12;
  return code === quote || code === 0x7c || (code > 0x39 && code < 0x3f && code !== 0x3d);
}

// Letters come first, since they are nearly all that is asked for.
function isPlainLetter(code: number): boolean {
  return code > 0x60 && code < 0x7b;
}

function nameIn(text: string, start: number, end: number): string {
  let first = start;
  while (first < end && isFiller(text.charCodeAt(first))) first++;
  const words = text.slice(first, end);
  if (isShort(words) && ordinary.test(words)) return words;
  return cleanName(nameOf(words.replace(/^(?:[\s,*\u2022-]|'(?=\s))+/, '')));
}

function isFiller(code: number): boolean {
  return code === space || code === comma || code === hyphen;
}

function isShort(words: string): boolean {
  let count = 1;
  for (let at = words.indexOf(' '); at >= 0; at = words.indexOf(' ', at + 1)) count++;
  return count <= maxWords;
}

function nameOf(words: string): string {
  const all = words.split(/\s+/).filter((word) => word !== '');
  const named = behindNumbers(all);
  if (named.length === all.length && all.length <= maxWords) return all.join(' ');
  let first = named.length;
  while (first > 0 && isNameWord(named[first - 1] ?? '')) first--;
  return named.slice(first).join(' ');
}

// In front of a name there may be a date, a time, the number of a line: `at 10:11 AM Ana <ana@…>`.
function behindNumbers(words: readonly string[]): readonly string[] {
  const last = words.findLastIndex((word) => /\d/.test(word));
  if (last < 0 || last === words.length - 1) return words;
  return words.slice(halfOfDay.test(words[last + 1] ?? '') ? last + 2 : last + 1);
}

function isNameWord(word: string): boolean {
  return /^[("'\u201C\u2018]?(?!\p{Ll})[\p{L}\p{N}]/u.test(word) || particle.test(word);
}

function cleanName(name: string): string {
  if (ordinary.test(name)) return name;
  const visible = name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').replace(/\s+/g, ' ');
  const bare = visible.trim().replace(/^(['"`*\u2018\u201C])(.*)['"`*\u2019\u201D]$/, '$2');
  // An address posing as a name, an encoded word (RFC 2047) or a number helps nobody.
  return /[@\uFF20]|=\?|^\P{L}*$/u.test(bare) ? '' : bare.trim();
}
