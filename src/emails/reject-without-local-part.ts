import type { Candidate, Rejection, Scope } from './candidate.ts';
import { codePointBefore, scanBack } from './scan-back.ts';
import { scanForward } from './scan-forward.ts';
import { entityBefore } from './written-character.ts';

const maxGap = 3;
const maxEntity = 10;
const maxQuoted = 256;

/** Says what an at sign is that nothing precedes; nothing when it is a plain word of its own. */
export function rejectWithoutLocalPart(scope: Scope, candidate: Candidate): Rejection | undefined {
  const { text, domains, floor } = scope;
  const { at, domainStart, end } = candidate;
  const spaced = rejectSpaced(scope, candidate);
  if (spaced) return spaced;
  if (/^@*$/.test(text.slice(domainStart, end))) return undefined;
  const domain = text.slice(domainStart, end);
  const before = text.charAt(at - 1);
  // `"@example.com"`: nothing opens a quote in front of that one.
  const isOpening = text.charAt(end) === '"' && openingQuote(text, at) === at - 1;
  if (before === '"' && !isOpening && domain.includes('.') && !candidate.chained) {
    return { reason: 'quoted-local', start: openingQuote(text, at), end };
  }
  const mask = /[\u2022\u25CF\u2026*]{1,16}$/.exec(text.slice(Math.max(floor, at - 16), at))?.[0];
  if (mask) return { reason: 'masked', start: scanBack(text, at - mask.length, floor), end };
  const glued = at > floor ? String.fromCodePoint(codePointBefore(text, at, floor)) : '';
  if (/[)\]}>\\\p{So}\u2019\u201D]/u.test(glued) && domains.isReachable(domain)) {
    return { reason: 'bad-char', start: at - glued.length, end };
  }
  const letter = spelledLength(text, at, floor);
  if (letter > 0) {
    return { reason: 'entity-encoded', start: scanBack(text, at - letter, floor), end };
  }
  const scoped = text.charAt(end) === '/' && !domain.includes('.');
  return { reason: scoped ? 'identifier' : 'handle', start: at, end };
}

// `jos&eacute;@` and `&#97;&#64;`: the last letter before the at sign is written as an entity.
function spelledLength(text: string, at: number, floor: number): number {
  const entity = entityBefore(text.slice(Math.max(floor, at - maxEntity), at));
  return entity?.role === 'part' ? entity.length : 0;
}

/** `alice @ example.com`, `alice@ example.com` and `alice @example.com`. */
export function rejectSpaced(scope: Scope, candidate: Candidate): Rejection | undefined {
  const { text, domains, floor } = scope;
  const { start, at, domainStart, end } = candidate;
  const wordEnd = skipSpaces(text, at, -1);
  const nextStart = skipSpaces(text, domainStart, 1);
  if (wordEnd === at && nextStart === domainStart) return undefined;
  const word = wordEnd === at ? start : scanBack(text, wordEnd, Math.max(floor, wordEnd - 64));
  const nextEnd = nextStart === domainStart ? end : scanForward(text, nextStart, domains);
  const domain = text.slice(nextStart, nextEnd).replace(/[._-]+$/, '');
  const apart = word === wordEnd || !domains.isReachable(domain);
  return apart ? undefined : { reason: 'space-around-at', start: word, end: nextEnd };
}

// Spaces only: nothing is joined across a line break.
function skipSpaces(text: string, from: number, step: 1 | -1): number {
  let position = from;
  const limit = from + step * maxGap;
  while (position !== limit && isSpace(text.charCodeAt(step < 0 ? position - 1 : position))) {
    position += step;
  }
  return position;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0xa0 || code === 0x3000;
}

// The quote that opens the quoted local part before `at`, or the closing one when there is none.
function openingQuote(text: string, at: number): number {
  const lowest = Math.max(0, at - maxQuoted);
  for (let index = at - 2; index >= lowest; index--) {
    const code = text.charCodeAt(index);
    if (code === 0x0a || code === 0x0d) break;
    if (code === 0x22 && text.charCodeAt(index - 1) !== 0x5c) return index;
  }
  return at - 1;
}
