import type { AddressReason } from './reasons.ts';
import { isAscii } from './text-forms.ts';

// RFC 5321: octets of UTF-8 (RFC 6531), not characters.
const maxLocalPart = 64;
// Nearly every local part; the rest names what is wrong with the others.
const ordinary = /^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*$/i;
const allowed = /^(?!\p{M})[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]+$/u;
const ignorable = /\p{Default_Ignorable_Code_Point}/u;

const scriptNames = [
  // Japanese and Korean are written in several scripts at once.
  ['Han', 'Hiragana', 'Katakana', 'Bopomofo', 'Hangul'],
  ...['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Georgian', 'Cherokee', 'Arabic'].map((name) => [
    name,
  ]),
  ...['Hebrew', 'Devanagari', 'Bengali', 'Tamil', 'Thai'].map((name) => [name]),
];
const scripts = scriptNames.map(
  (names) =>
    new RegExp(`(?![A-Za-z])[${names.map((name) => `\\p{Script=${name}}`).join('')}]`, 'u'),
);
const latinLookalike =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

/** What is wrong with a local part in NFC; nothing when it is a dot-atom (RFC 5322, RFC 6531). */
export function localPartFault(localPart: string): AddressReason | undefined {
  if (localPart.length <= maxLocalPart && ordinary.test(localPart)) return undefined;
  if (localPart === '') return 'handle';
  if (localPart.startsWith('"')) return 'quoted-local';
  if (!allowed.test(localPart) || ignorable.test(localPart)) return 'bad-char';
  if (localPart.includes('..')) return 'double-dot';
  if (localPart.startsWith('.')) return 'leading-dot';
  if (localPart.endsWith('.')) return 'trailing-dot';
  if (octets(localPart) > maxLocalPart) return 'local-too-long';
  return /\*\*|\*$/.test(localPart) ? 'masked' : undefined;
}

/** The length in UTF-8. */
export function octets(text: string): number {
  return isAscii(text) ? text.length : new TextEncoder().encode(text).length;
}

/**
 * Whether a local part or a label mixes scripts the way spoofed names do: more than one script
 * besides ASCII, ASCII letters among letters that look like them, or letters that are ASCII in another
 * shape.
 */
export function mixesScripts(text: string): boolean {
  if (isAscii(text)) return false;
  if (latinLookalike.test(text) && /[A-Za-z]/.test(text)) return true;
  if (Array.from(text).some(isDressed)) return true;
  return scripts.filter((script) => script.test(text)).length > 1;
}

// Such as a mathematical bold letter, or a ligature.
function isDressed(character: string): boolean {
  return !isAscii(character) && isAscii(character.normalize('NFKC'));
}
