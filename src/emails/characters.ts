/**
 * What an ASCII character may be in an address, as bits that a scan ors together.
 * Zero is a boundary: no part of an unquoted address.
 */
export const kind = {
  /** Letters and digits. */
  word: 1,
  /** `.`, `-` and `_`: in local parts and, for scanning, in domains. */
  joiner: 2,
  /** `+`: in local parts only, and never a wrapper. */
  plus: 4,
  /** The rest of atext (RFC 5322): legal in local parts, but mostly punctuation around them. */
  loud: 8,
  /** Anything beyond ASCII; see `wideKind`. */
  wide: 16,
} as const;

/** What a character beyond ASCII is to a scan. */
export type WideKind = 'boundary' | 'letter' | 'stop' | 'invisible' | 'broken';

const table = new Uint8Array(128);
for (let code = 0; code < 128; code++) table[code] = kindOf(String.fromCharCode(code));

function kindOf(character: string): number {
  if (/[A-Za-z0-9]/.test(character)) return kind.word;
  if (/[._-]/.test(character)) return kind.joiner;
  if (character === '+') return kind.plus;
  return /[!#$%&'*/=?^`{|}~]/.test(character) ? kind.loud : 0;
}

/** The kind of an ASCII code unit. */
export function asciiKind(code: number): number {
  return table[code] ?? 0;
}

const letter = /[\p{L}\p{M}\p{N}]/u;
const invisible = /\p{Cf}/u;
const broken = /[\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\uFFFD]/u;
// Variation selectors and the enclosing keycap belong to the emoji before an address.
const emojiTail = /[\uFE0E\uFE0F\u20E3]/;
// Numbers in circles and parentheses, which count the lines of a list, and those of footnotes.
const enumerator =
  /[\u00B2\u00B3\u00B9\u2070\u2074-\u2079\u2460-\u249B\u24EA-\u24FF\u2776-\u2793\u3220-\u3229\u3280-\u3289]/;
// Apostrophes, hyphens and dots inside words as word processors write them; enumerators, too, and the
// controls for which letters of DOS are taken, and accents without their letter.
const typographicJoiner =
  /[\u00B2\u00B3\u00B9\u2070\u2074-\u2079\u2460-\u24FF\u2776-\u2793\u2018\u2019\u02B9\u2032\u00A8\u00AF\u00B4\u00B8\u02D8-\u02DD\u0080-\u0084\u0086-\u0094\u0098-\u009F\u2010-\u2013\u2212\u2024\u2027\uFE52\uFE63\uFF07]/;
const ideographicStop = /[\u3002\uFF61]/;
const fullWidthJoiner = /[\uFF0E\uFF0D\uFF3F\uFF0B]/;

const wideKinds: readonly WideKind[] = ['boundary', 'letter', 'stop', 'invisible', 'broken'];
// One more than the position in `wideKinds`; zero is not asked for yet.
const knownKinds = new Uint8Array(0x10000);

/**
 * Classifies a code point beyond ASCII. `broken` characters (lone surrogates, private use,
 * U+FFFD, fillers) count as part of an address, so that the whole is refused and never a piece of
 * it is taken.
 */
export function wideKind(codePoint: number): WideKind {
  const known = wideKinds[(knownKinds[codePoint] ?? 0) - 1];
  if (known) return known;
  const found = classify(codePoint);
  if (codePoint < knownKinds.length) knownKinds[codePoint] = wideKinds.indexOf(found) + 1;
  return found;
}

function classify(codePoint: number): WideKind {
  const character = String.fromCodePoint(codePoint);
  if (emojiTail.test(character) || enumerator.test(character)) return 'boundary';
  if (invisible.test(character)) return 'invisible';
  if (broken.test(character)) return 'broken';
  if (letter.test(character) || fullWidthJoiner.test(character)) return 'letter';
  return ideographicStop.test(character) ? 'stop' : 'boundary';
}

/** Whether a character that no address may hold joins what stands on its two sides into one word. */
export function joinsWords(character: string): boolean {
  return typographicJoiner.test(character);
}
