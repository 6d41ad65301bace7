import type { AddressReason } from './address-reason.ts';
import type { Candidate, Rejection, Scope } from './candidate.ts';
import { joinsWords } from './characters.ts';
import { isLineBreak } from './line-break.ts';
import { scanBack } from './scan-back.ts';
import { wordBreakBefore } from './word-break.ts';
import { entityBefore, escapeBehind } from './written-character.ts';

// Enough for the longest entity with a letter before it, and for half of an escaped pair.
const window = 20;

const wordEnd = /[\p{L}\p{M}\p{N}_]$/u;
// One bullet starts a list item; several hide letters.
const bullets = /[\u2022\u25CF\u2217\u22C6\u2588]{2,}$/;
// Behind a word, so do several dots, crosses, stars, squares and circles.
const shapes =
  /[\p{L}\p{N}]([\u00B7\u00D7\u2218\u2591-\u2593\u25A0-\u25B1\u25C6-\u25EF\u2605\u2606\u2715\u2716\u2B24\uFF0A]{2,})$/u;

// A letter beyond ASCII in rich text: `\'e9` and `\u233?`.
const richText = /^(?:'[89a-f][0-9a-f]|u-?\d{1,5}\?)/i;

// A dot or another sign that nobody is to follow, and letters that are left out.
const bracketed =
  /[\p{L}\p{N}_]([([<](?:\.{1,3}|[\u2026_+-]|dot|point|punto|punkt|dash|minus|hyphen|underscore|plus)[\])>]| ?[([](?:\.|dot)[\])] ?)$/iu;
// UTF-8 that was read in another encoding: `\u00C3\u00A1`, `\u00E2\u20AC\u2122`; U+00C2 and a quote may stand around a word.
const misread =
  /(?:[\u00C3-\u00C7\u00CE-\u00D1\u00D7-\u00D9][^\p{L}\p{M}\p{N}\s\0-\x7F]|[\p{L}\p{N}](?:\u00C2[^\p{L}\p{M}\p{N}\s\0-\x7F]|\u00E2\u20AC.|[\u221A\u251C\u252C].?))$/u;
// A quote inside a word. TeX writes `\"u` for a letter with two dots; `u"` and `b"` start texts of Python.
const quotedPart = /(?:[\p{L}\p{N}]{2}|\p{L}\\|(?<!\p{L})[acdg-mo-qstv-z])"$/iu;
// `%(name)s`, as Python fills in.
const directive = /%\([\w.]+\)$/;
const hour = /(?:^|[^\p{L}\p{N}.:])\d{1,2}(?::\d\d)?:$/u;

const tab = 0x09;
const space = 0x20;
const glues = new Set(Array.from('\n\r";:>])\\', (glue) => glue.charCodeAt(0)));

const maxPath = 256;
// Behind a drive or a share of Windows; source code writes each backslash twice. Folders may hold blanks.
const path =
  /(?:(?<![\p{L}\p{N}])[a-z]:\\[^\r\n"<>|*?]*|(?<![\\\p{L}\p{N}.])(?:\\{2}(?:[^\\\s"<>|*?]+\\)+|\\{4}(?:[^\\\s"<>|*?]+\\{2})+))$/iu;

interface Glue {
  readonly reason: AddressReason;
  readonly length: number;
}

/** A character that is no part of a run can still be part of what the person meant. */
export function rejectGluedFront(
  { text, floor }: Scope,
  candidate: Candidate,
): Rejection | undefined {
  const { start, end } = candidate;
  if (!isGlue(text, start)) return undefined;
  const before = text.slice(Math.max(floor, start - window), start);
  const next = text.slice(start, Math.min(start + 16, candidate.at));
  if (isQuoteInside(before, next, text.slice(end, end + 2))) return undefined;
  const glue =
    gluedByBreak(text, start) ??
    gluedBy(before, next) ??
    gluedByPath(text.slice(Math.max(floor, start - maxPath), start), next);
  if (!glue) return undefined;
  const glued = Math.max(floor, start - glue.length);
  return { reason: glue.reason, start: scanBack(text, glued, floor), end };
}

// The cheap question first: a line break, `"`, `;`, `>`, a backslash or anything beyond ASCII. A blank
// behind a line break may fold a line.
function isGlue(text: string, start: number): boolean {
  const code = text.charCodeAt(start - 1);
  if (code === space || code === tab) {
    const before = text.charCodeAt(start - 2);
    return isLineBreak(before) || (code === space && isClosing(before));
  }
  return code > 127 || glues.has(code);
}

function isClosing(code: number): boolean {
  return code === 0x29 || code === 0x5d;
}

function gluedBy(before: string, next: string): Glue | undefined {
  const last = before.at(-1) ?? '';
  if (/[\s\])>:]/.test(last)) return gluedByLabel(before, next);
  if (last === ';') return gluedByEntity(before, next);
  if (last === '\\') return gluedByEscape(before, next);
  return gluedBySign(before, next);
}

function gluedBySign(before: string, next: string): Glue | undefined {
  const last = before.at(-1) ?? '';
  const rest = before.slice(0, -1);
  const afterWord = wordEnd.test(rest);
  const mask = maskBehind(before);
  if (mask) return { reason: 'masked', length: mask.length };
  // `a…e@` hides letters; before a longer word, the dots end a sentence.
  if (last === '\u2026' && afterWord && next.length < 3) return { reason: 'masked', length: 1 };
  if (afterWord && joinsWords(last)) return { reason: 'bad-char', length: 1 };
  const letter = misreadBehind(before, next);
  if (letter) return { reason: 'bad-char', length: letter.length };
  // Catalan writes two of them with a dot between: `col·legi@`.
  if (/l\u00B7$/i.test(before) && /^l/i.test(next)) return { reason: 'bad-char', length: 1 };
  return quotedPart.test(before) ? { reason: 'bad-char', length: 1 } : undefined;
}

function misreadBehind(before: string, next: string): string | undefined {
  if (/\u00E2\u20AC$/.test(before) && next.startsWith('\u0153')) return before.at(-1);
  return misread.exec(before)?.[0];
}

function gluedByLabel(before: string, next: string): Glue | undefined {
  const [, label] = bracketed.exec(before) ?? [];
  if (label !== undefined) return { reason: 'bad-char', length: label.length };
  if (directive.test(before) && /^[a-z]$/.test(next)) return { reason: 'bad-char', length: 1 };
  const isTime = /^\d\d\p{L}/u.test(next) && hour.test(before);
  return isTime ? { reason: 'bad-char', length: 1 } : undefined;
}

function maskBehind(before: string): string | undefined {
  return bullets.exec(before)?.[0] ?? shapes.exec(before)?.[1];
}

function gluedByEntity(before: string, next: string): Glue | undefined {
  const entity = entityBefore(before);
  if (!entity) return undefined;
  const { role, length } = entity;
  const isInside = wordEnd.test(before.slice(0, -length)) && !isNextField(before, next);
  const isPart = role === 'part' || (role === 'wrapper' && isInside);
  return isPart ? { reason: 'entity-encoded', length } : undefined;
}

// `Hello\nana@…` in source code, but neither `ana\reyes@…` nor `CORP\nina@…`.
function gluedByEscape(before: string, next: string): Glue | undefined {
  if (richText.test(next)) return { reason: 'entity-encoded', length: 1 };
  const role = escapeBehind(before, next)?.role;
  if (role === 'part') return { reason: 'entity-encoded', length: 1 };
  // Behind `\u0026`, which is how JSON may write it, `&` starts the next field of a link.
  if (/^u0026[a-z]+=/i.test(next)) return undefined;
  const rest = before.slice(0, -1);
  // JSON may write a slash as `\/`.
  if (!wordEnd.test(rest) || next.startsWith('/')) return undefined;
  const afterName = /(?:^|[^\p{L}])[A-Z]{2,}$/u.test(rest);
  const separates = role === 'separator' && !afterName && !next.startsWith('r');
  return separates ? undefined : { reason: 'bad-char', length: 1 };
}

// A word that started in the line before; an earlier at sign may have taken that part of it.
function gluedByBreak(text: string, start: number): Glue | undefined {
  const length = wordBreakBefore(text, start);
  return length === 0 ? undefined : { reason: 'entity-encoded', length };
}

// Behind a path, `\n` is no line break: `C:\mail\nora@…`.
function gluedByPath(before: string, next: string): Glue | undefined {
  if (!before.endsWith('\\') || !/^[nrt]/i.test(next)) return undefined;
  return path.test(before) ? { reason: 'bad-char', length: 1 } : undefined;
}

// `\'abby@example.com\'`: quotes inside a quoted text, and no byte of rich text.
function isQuoteInside(before: string, next: string, tail: string): boolean {
  const quotes = before.endsWith('\\') && next.startsWith("'") && tail === "\\'";
  return quotes && !wordEnd.test(before.slice(0, -1));
}

// `&amp;cc=` in the HTML of a link.
function isNextField(before: string, next: string): boolean {
  return /&amp;$/i.test(before) && /^[a-z]+=/i.test(next);
}
