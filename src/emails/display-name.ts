import { cleanName, nameOf } from './name-words.ts';
import { codePointBefore } from './scan-back.ts';

/** The words before `<address>`. */
export interface DisplayName {
  /** Where they start, an opening quote included. */
  readonly start: number;
  /** Empty when no name can be told from them. */
  readonly name: string;
}

interface Words {
  /** Where the line or the last address in front of them ends, at most the longest name before. */
  readonly lowest: number;
  readonly start: number;
  readonly end: number;
}

// Nearly every name: nothing to take away.
const ordinary = /^[a-z.,()&/-]+(?: [a-z.,()&/-]+)*$/i;
const capitalized = /^\p{Lu}[\p{Ll}\p{Lu}.()&/-]*,?(?: \(?\p{Lu}[\p{Ll}\p{Lu}.()&/-]*,?)*(?<!,)$/u;
const maxName = 200;
const maxWords = 4;
const [lineFeed, carriageReturn, space] = [0x0a, 0x0d, 0x20];
const [quote, openParenthesis, comma, hyphen, backslash] = [0x22, 0x28, 0x2c, 0x2d, 0x5c];
const [closeAngle, pipe, atSign] = [0x3e, 0x7c, 0x40];
const wideSigns = '\uFF1A\uFF1B\uFF5C';

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
  return { start, name: end - start === maxName ? '' : nameIn(text, { lowest, start, end }) };
}

// Does not stop at the floor: addresses inside the quotes are part of the name.
function readQuoted(text: string, close: number, lowest: number): DisplayName {
  const inner = readQuotedInside(text, close, lowest);
  if (inner) return inner;
  let open = beforeEscaped(text, close - 1);
  while (open >= lowest && !endsQuote(text.charCodeAt(open))) {
    open -= codePointBefore(text, open + 1, lowest) > 0xffff ? 2 : 1;
    open = beforeEscaped(text, open);
  }
  if (open < lowest || text.charCodeAt(open) !== quote) return { start: close, name: '' };
  const quoted = text.slice(open + 1, close);
  return {
    start: open,
    name: ordinary.test(quoted) ? quoted : cleanName(quoted.replace(/\\(.)/g, '$1')),
  };
}

// `\"Ana\"` and `""Ana""`: quotes inside of quoted JSON, source code and CSV.
function readQuotedInside(text: string, close: number, lowest: number): DisplayName | undefined {
  const mark = text.slice(close - 1, close + 1);
  if (mark !== '\\"' && (mark !== '""' || text.charCodeAt(close - 2) === backslash))
    return undefined;
  const before = text.slice(lowest, Math.max(lowest, close - 1));
  const open = before.lastIndexOf(mark);
  const quoted = before.slice(open + mark.length);
  const isName = open >= 0 && /^[^\s,;\\][^\r\n\\]*$/.test(quoted);
  return isName ? { start: lowest + open, name: cleanName(quoted) } : undefined;
}

function beforeEscaped(text: string, from: number): number {
  let open = from;
  while (text.charCodeAt(open) === quote && text.charCodeAt(open - 1) === backslash) open -= 2;
  return open;
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
  if (isPlainLetter(code)) return false;
  if (code > 0x7c) return code > 0xff00 && wideSigns.includes(String.fromCharCode(code));
  if (code < 14) return code > 8 && code !== 11 && code !== 12;
  return code === quote || code === pipe || (code > 0x39 && code < 0x3f && code !== 0x3d);
}

// Letters come first, since they are nearly all that is asked for.
function isPlainLetter(code: number): boolean {
  return code > 0x60 && code < 0x7b;
}

function nameIn(text: string, { lowest, start, end }: Words): string {
  if (isRestOfName(text, start, lowest)) return '';
  let first = start;
  while (first < end && isFiller(text.charCodeAt(first))) first++;
  const words = text.slice(first, end);
  if (isShort(words) && capitalized.test(words)) return words;
  return cleanName(nameOf(words, isBetween(text, start, lowest)));
}

// `Ana "Annie" Reyes`, `Sales @ ACME` and `Ana Reyes | HR`, but not a row of a table.
function isRestOfName(text: string, start: number, lowest: number): boolean {
  const sign = text.charCodeAt(start - 1);
  if (sign === atSign) return true;
  if (start === lowest) return false;
  if (sign === quote) return text.charCodeAt(start) === space;
  if (sign !== pipe) return false;
  const line =
    text
      .slice(lowest, start)
      .split(/[\r\n]/)
      .at(-1) ?? '';
  return /^\s*[^\s|]/.test(line) && /\p{L}/u.test(line);
}

// Right behind another address, where nothing begins a new entry.
function isBetween(text: string, start: number, lowest: number): boolean {
  const isBehind = start - 1 <= lowest && text.charCodeAt(start - 1) === closeAngle;
  return isBehind && text.charCodeAt(start) === space;
}

function isFiller(code: number): boolean {
  return code === space || code === comma || code === hyphen;
}

function isShort(words: string): boolean {
  let count = 1;
  for (let at = words.indexOf(' '); at >= 0; at = words.indexOf(' ', at + 1)) count++;
  return count <= maxWords;
}
