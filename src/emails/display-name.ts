import { codePointBefore } from './scan-back.ts';

/** The words before `<address>`. */
export interface DisplayName {
  /** Where they start, an opening quote included. */
  readonly start: number;
  /** Empty when no name can be told from them. */
  readonly name: string;
}

// Nearly every name: nothing to take away.
const ordinary = /^[a-z0-9.,()&/-]+(?: [a-z0-9.,()&/-]+)*$/i;
const nameEnds = new Set(Array.from('";:<>|', (end) => end.charCodeAt(0)));
const maxName = 200;
const maxWords = 4;
const particle =
  /^(?:van|von|de|der|den|del|della|di|da|la|le|bin|ibn|al|el|dos|du|zu|zur|ten|ter|y|and|und|&)$/i;

/**
 * Reads the display name before the `<` at `angle`, not before `floor`.
 *
 * Of a sentence only its capitalized end is a name: no name is better than a wrong one.
 */
export function readDisplayName(text: string, angle: number, floor: number): DisplayName {
  let end = angle;
  while (end > floor && isBlank(text.charCodeAt(end - 1))) end--;
  const lowest = Math.max(floor, end - maxName);
  if (text.charAt(end - 1) === '"') return readQuoted(text, end - 1, Math.max(0, end - maxName));
  let start = end;
  while (start > lowest && !endsName(text.charCodeAt(start - 1))) start--;
  const words = text.slice(start, end).replace(/^[\s,*\u2022-]+/, '');
  return { start, name: end - start === maxName ? '' : cleanName(nameOf(words)) };
}

// Does not stop at the floor: addresses inside the quotes are part of the name.
function readQuoted(text: string, close: number, lowest: number): DisplayName {
  let open = close - 1;
  while (open >= lowest && !/["\n\r]/.test(text.charAt(open))) {
    open -= codePointBefore(text, open + 1, lowest) > 0xffff ? 2 : 1;
    if (text.charAt(open) === '"' && text.charAt(open - 1) === '\\') open -= 2;
  }
  if (open < lowest || text.charAt(open) !== '"') return { start: close, name: '' };
  return { start: open, name: cleanName(text.slice(open + 1, close).replace(/\\(.)/g, '$1')) };
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0xa0;
}

// Line breaks, tabs and `;<>:|"`.
function endsName(code: number): boolean {
  if (code > 0x7c) return false;
  return code < 14 ? code > 8 && code !== 11 && code !== 12 : nameEnds.has(code);
}

function nameOf(words: string): string {
  const all = words.split(/\s+/).filter((word) => word !== '');
  if (all.length <= maxWords) return all.join(' ');
  let first = all.length;
  while (first > 0 && isNameWord(all[first - 1] ?? '')) first--;
  return all.slice(first).join(' ');
}

function isNameWord(word: string): boolean {
  return /^[("'\u201C\u2018]?(?!\p{Ll})[\p{L}\p{N}]/u.test(word) || particle.test(word);
}

function cleanName(name: string): string {
  if (ordinary.test(name)) return name;
  const visible = name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').replace(/\s+/g, ' ');
  const bare = visible.trim().replace(/^(['"`*\u2018\u201C])(.*)['"`*\u2019\u201D]$/, '$2');
  // An address posing as a name, or an encoded word (RFC 2047), helps nobody.
  return /[@\uFF20]|=\?/.test(bare) ? '' : bare.trim();
}
