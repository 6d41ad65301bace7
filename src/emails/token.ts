import type { AtSign } from './at-signs.ts';
import { isWideDomain, isWideLocal, kind, kinds, unseen, unspaced } from './characters.ts';
import type { Domains } from './judge/domains.ts';
import { isAscii } from './judge/text-forms.ts';
import type { Ledger } from './ledger.ts';

/** What reading one text needs and leaves. */
export interface Scope {
  readonly text: string;
  readonly domains: Domains;
  readonly ledger: Ledger;
  /** Where the last token ended; nothing in front of it is read again. */
  floor: number;
  /** Where the last address of a `mailto:` link ended, or -1. */
  mailtoEnd: number;
  /** Where the last message id ended, or -1. */
  idsEnd: number;
}

/** The run of address characters around an at sign. */
export interface Token {
  /** Where the local part starts; equal to `at` when there is none. */
  readonly start: number;
  readonly at: number;
  readonly domainStart: number;
  readonly end: number;
  /** Whether it is too long to be an address, which no later step looks at. */
  readonly isLong: boolean;
}

/** How far a token reaches before its at sign, in UTF-16 code units. */
export const maxBefore = 320;
/** How far a token reaches behind its at sign, in UTF-16 code units. */
export const maxBehind = 260;

const inLocal = kind.word | kind.joiner | kind.loud;
const inDomain = kind.word | kind.joiner;
const backslash = 0x5c;

/** Takes the token around an at sign, bounded before anything looks at it. */
export function takeToken({ text, floor }: Scope, { at, length }: AtSign): Token {
  const lowest = Math.max(floor, at - maxBefore);
  const domainStart = at + length;
  const start = localStart(text, at, lowest);
  const highest = Math.min(text.length, domainStart + maxBehind);
  const end = domainEnd(text, domainStart, highest);
  const isLongBefore = start === lowest && lowest > floor && start > 0;
  const isLong = isLongBefore || (end === highest && highest < text.length);
  return isLong
    ? { start, at, domainStart, end: domainEnd(text, end, text.length), isLong }
    : { start, at, domainStart, end, isLong };
}

const splits = new RegExp(`[${unseen}\\u3002\\uFF61]+|(?<=[A-Za-z])(?=[${unspaced}])`, 'gu');

/** The token without text that runs into its domain: `example.comまで`, `example.com。`. */
export function withoutGluedText({ text, domains }: Scope, token: Token): Token {
  const { domainStart, end } = token;
  const run = text.slice(domainStart, end);
  if (isAscii(run) || domains.isReachable(run)) return token;
  for (const { index } of run.matchAll(splits)) {
    if (domains.isReachable(run.slice(0, index))) return { ...token, end: domainStart + index };
  }
  return token;
}

/** Where a run of characters of local parts starts that ends at `from`. */
export function localStart(text: string, from: number, lowest: number): number {
  let start = from;
  while (start > lowest) {
    const code = text.charCodeAt(start - 1);
    const size = start - 2 >= lowest && isLow(code) && isHigh(text.charCodeAt(start - 2)) ? 2 : 1;
    const isPart =
      code < 128
        ? isAsciiPart(text, start - 1, inLocal)
        : isWideLocal(text.slice(start - size, start));
    if (!isPart) break;
    start -= size;
  }
  return start;
}

/** Where a run of characters of domains ends that starts at `from`. */
export function domainEnd(text: string, from: number, highest: number): number {
  let end = from;
  while (end < highest) {
    const code = text.charCodeAt(end);
    const size = isHigh(code) && isLow(text.charCodeAt(end + 1)) ? 2 : 1;
    const isPart =
      code < 128 ? isAsciiPart(text, end, inDomain) : isWideDomain(text.slice(end, end + size));
    if (!isPart) break;
    end += size;
  }
  return end;
}

function isAsciiPart(text: string, at: number, bits: number): boolean {
  return ((kinds[text.charCodeAt(at)] ?? 0) & bits) !== 0 || isEscaping(text, at);
}

// Markdown and LaTeX escape what would be markup: `ana\_reyes`.
function isEscaping(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== backslash) return false;
  const next = text.charCodeAt(at + 1);
  return next === 0x5f || next === 0x2e || next === 0x2d;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
