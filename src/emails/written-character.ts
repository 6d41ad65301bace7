import { asciiKind, joinsWords, kind, wideKind } from './characters.ts';

/** A character that HTML or source code spells with several others. */
export interface WrittenCharacter {
  /** What it is to an address that follows; a `wrapper` is a part of one inside a word only. */
  readonly role: 'separator' | 'wrapper' | 'part';
  /** How much of the text spells it, in UTF-16 code units. */
  readonly length: number;
}

const names = new Map(
  Object.entries({
    ...{ lt: '<', gt: '>', quot: '"', amp: '&', apos: "'", nbsp: '\u00A0', newline: '\n' },
    ...{ tab: '\t', comma: ',', semi: ';', colon: ':', lpar: '(', rpar: ')', lsqb: '[', rsqb: ']' },
    ...{ equals: '=', sol: '/', vert: '|', quest: '?', lcub: '{', rcub: '}', bsol: '\\' },
    ...{ ldquo: '\u201C', rdquo: '\u201D', bdquo: '\u201E', lsquo: '\u2018', rsquo: '\u2019' },
    ...{ sbquo: '\u201A', laquo: '\u00AB', raquo: '\u00BB', lsaquo: '\u2039', rsaquo: '\u203A' },
    ...{ ndash: '\u2013', mdash: '\u2014', hellip: '\u2026', bull: '\u2022', middot: '\u00B7' },
    ...{ ensp: '\u2002', emsp: '\u2003', thinsp: '\u2009', larr: '\u2190', rarr: '\u2192' },
    ...{ copy: '\u00A9', reg: '\u00AE', trade: '\u2122', zwnj: '\u200C', zwj: '\u200D' },
    ...{ lrm: '\u200E', rlm: '\u200F', shy: '\u00AD', zerowidthspace: '\u200B' },
  }),
);
// What was escaped twice has `&amp;` for its `&`.
const entity = /&(?:amp;)*(?:([a-z]{2,14})|#(\d{1,7})|#x([0-9a-f]{1,6}));$/i;
const sourceEscape = /^(?:([nrt])|u([0-9a-f]{4})|x([0-9a-f]{2}))/i;
// Dots, hyphens and what nobody sees, as HTML, quoted-printable mail, URLs and source code write them.
const writtenJoiners =
  /^(?:&#(?:4[56]|173|8203|x2[de]|xad|x200b);|&(?:shy|period|hyphen|dash);|[=%]2[de]|\\u(?:002[de]|00ad|200b)|\\x2[de]|\\[.-])+\.?[\p{L}\p{N}]/iu;
const numericEntity = /^&#(?:\d{2,7}|x[0-9a-f]{2,6});/i;
const highSurrogate = /\\u(d[89ab][0-9a-f]{2})\\$/i;

/** The HTML entity that ends `before`. A name that is not known stands for a letter. */
export function entityBefore(before: string): WrittenCharacter | undefined {
  const [written, name, decimal, hexadecimal] = entity.exec(before) ?? [];
  if (written === undefined) return undefined;
  const spelled = name === undefined ? undefined : (names.get(name.toLowerCase()) ?? 'a');
  const codePoint =
    spelled?.charCodeAt(0) ?? (decimal ? Number(decimal) : Number.parseInt(hexadecimal ?? '', 16));
  return { role: roleOf(codePoint), length: written.length };
}

/** Whether a word goes on with what starts the text behind it: in `com&#46;au`, in `co&#109;`. */
export function goesOnWritten(text: string): boolean {
  if (writtenJoiners.test(text)) return true;
  const [entity = ''] = numericEntity.exec(text) ?? [];
  return !/^&#(?:4[56]|95|x2[de]|x5f);/i.test(entity) && entityBefore(entity)?.role === 'part';
}

/** The escape of JSON and source code that goes on with `next` behind the backslash of `before`. */
export function escapeBehind(before: string, next: string): WrittenCharacter | undefined {
  const [written, letter, unicode, byte] = sourceEscape.exec(next) ?? [];
  if (written === undefined) return undefined;
  // A byte beyond ASCII is a piece of a letter in UTF-8.
  const unit = Number.parseInt(unicode ?? byte ?? '', 16);
  const [, high] = highSurrogate.exec(before) ?? [];
  const isPair = high !== undefined && unit >= 0xdc00 && unit < 0xe000;
  const codePoint = isPair
    ? (Number.parseInt(high, 16) - 0xd800) * 0x400 + unit - 0xdc00 + 0x10000
    : unit;
  return {
    role: letter ? 'separator' : byte && unit > 127 ? 'part' : roleOf(codePoint),
    length: written.length,
  };
}

function roleOf(codePoint: number): WrittenCharacter['role'] {
  if (codePoint > 0x10ffff) return 'part';
  if (codePoint > 127) return wideRole(codePoint);
  const bits = asciiKind(codePoint);
  if (bits === 0 || /[/|?{}=]/.test(String.fromCharCode(codePoint))) return 'separator';
  return bits === kind.loud ? 'wrapper' : 'part';
}

// An apostrophe or a hyphen of word processors joins a word.
function wideRole(codePoint: number): WrittenCharacter['role'] {
  if (joinsWords(String.fromCodePoint(codePoint))) return 'wrapper';
  const wide = wideKind(codePoint);
  if (wide === 'invisible') return 'wrapper';
  return wide === 'boundary' || wide === 'stop' ? 'separator' : 'part';
}
