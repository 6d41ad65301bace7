import type { AddressReason } from './judge/reasons.ts';
import { localStart, maxBehind, type Scope, type Token } from './token.ts';

/**
 * Reads an at sign without a local part or a domain, and one whose run holds a further at sign. Returns
 * where to read on, or nothing when the token may be an address.
 */
export function readBare(scope: Scope, token: Token): number | undefined {
  const { text, ledger } = scope;
  const { start, at, domainStart, end } = token;
  if (start === at && domainStart === end && !isSpaced(text, at, domainStart)) {
    if (!/^[[(]/.test(text.charAt(end)) && text.charAt(end) !== '@') return end;
  }
  if (text.charAt(end) === '@') return refuseChain(scope, token);
  const spaced = spacedSpan(scope, token);
  if (spaced) {
    ledger.reject({ reason: 'space-around-at', ...spaced });
    return spaced.end;
  }
  if (start < at) return undefined;
  if (domainStart === end) return end;
  const found = withoutLocalPart(scope, token);
  ledger.reject({ ...found, end });
  return end;
}

// `@ana@social.example.com`, `ana@@example.com`, `ana@example.com@example.org`: all of it.
function refuseChain({ text, ledger }: Scope, { start, at, domainStart, end }: Token): number {
  let last = end;
  const highest = Math.min(text.length, domainStart + maxBehind);
  while (last < highest && /[^\s"<>,;:()[\]{}|/\\\p{So}\p{Ps}\p{Pe}\p{Z}]/u.test(text.charAt(last)))
    last++;
  if (/^@*$/.test(text.slice(start, last))) return last;
  ledger.reject({ reason: start === at ? 'handle' : 'double-at', start, end: last });
  return last;
}

function isSpaced(text: string, at: number, domainStart: number): boolean {
  return isBlank(text.charCodeAt(at - 1)) && isBlank(text.charCodeAt(domainStart));
}

// `ana @ example.com`, `ana@ example.com` and `ana @example.com`, on one line.
function spacedSpan(scope: Scope, { start, at, domainStart, end }: Token): Span | undefined {
  const { text, domains, floor } = scope;
  const isOpenBefore = start === at && isBlank(text.charCodeAt(at - 1));
  const isOpenBehind = domainStart === end && isBlank(text.charCodeAt(end));
  if (!isOpenBefore && !isOpenBehind) return undefined;
  const gap = /[ \u00A0\u3000]{0,3}$/.exec(text.slice(Math.max(floor, start - 3), start)) ?? [''];
  const wordEnd = isOpenBefore ? at - gap[0].length : at;
  const word = isOpenBefore ? localStart(text, wordEnd, Math.max(floor, wordEnd - 64)) : start;
  const [found = '', domain = ''] =
    nextWord.exec(text.slice(domainStart, domainStart + maxBehind)) ?? [];
  if (word === wordEnd || !domains.isReachable(domain)) return undefined;
  return { start: word, end: domainStart + found.length };
}

const nextWord = /^[ \u00A0\u3000]{0,3}([\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?)/u;

interface Span {
  readonly start: number;
  readonly end: number;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0xa0 || code === 0x3000;
}

const quotedRun = /"(?:[^"\r\n\\]|\\.)*"$|"$/;

interface Found {
  readonly reason: AddressReason;
  readonly start: number;
}

function withoutLocalPart(
  { text, domains, floor, ledger }: Scope,
  { at, domainStart, end }: Token,
): Found {
  const before = text.slice(Math.max(floor, at - 80), at);
  const domain = text.slice(domainStart, end);
  const isClosing = text.charAt(end) !== '"' && domain.includes('.');
  const quoted = isClosing ? (quotedRun.exec(text.slice(Math.max(0, at - 80), at))?.[0] ?? '') : '';
  if (quoted) {
    ledger.forget(at - quoted.length);
    return { reason: 'quoted-local', start: at - quoted.length };
  }
  const word = /[^\s"<>,;]*$/.exec(before)?.[0] ?? '';
  if (/[\u2022\u25CF\u2026*]$/.test(word)) return { reason: 'masked', start: at - word.length };
  if (/&[#\w]+;$/.test(before)) return { reason: 'entity-encoded', start: at - word.length };
  const isGlued = /[)\]}>\\\p{So}\u2019\u201D]$/u.test(before) && domains.isReachable(domain);
  if (isGlued) return { reason: 'bad-char', start: word === '' ? at - 1 : at - word.length };
  const isScoped = text.charAt(end) === '/' && !domain.includes('.');
  return { reason: isScoped ? 'identifier' : 'handle', start: at };
}
