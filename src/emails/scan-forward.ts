import { isAscii } from './ascii.ts';
import { isAtSign } from './at-signs.ts';
import { asciiKind, kind, wideKind } from './characters.ts';
import type { Domains } from './domains.ts';
import { gluedHead } from './settle-domain.ts';

// RFC 1035, in octets.
const maxLabel = 63;
const maxDomain = 253;

const inDomain = kind.word | kind.joiner;
const fullWidthPlus = 0xff0b;

/**
 * Where the run of domain characters that starts at `from` ends. `_` and characters that no
 * domain can have, such as U+FFFD, count: a run that holds one is refused as a whole.
 */
export function scanForward(text: string, from: number, domains: Domains): number {
  let end = runEnd(text, from);
  while (isStop(text, end) && joinsLabels(text.slice(from, end), labelAt(text, end + 1), domains)) {
    end = runEnd(text, end + 1);
  }
  return end;
}

function runEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    const width = code < 128 ? Math.sign(asciiKind(code) & inDomain) : wideWidth(text, end, code);
    if (width === 0) break;
    end += width;
  }
  return end;
}

// How many code units the character at `start`, which starts with `code`, takes in a domain; none when it
// is no part of one.
function wideWidth(text: string, start: number, code: number): number {
  const codePoint = isHighSurrogate(code) ? (text.codePointAt(start) ?? 0) : code;
  const wide = wideKind(codePoint);
  if (wide === 'boundary' || wide === 'stop' || codePoint === fullWidthPlus) return 0;
  return codePoint > 0xffff ? 2 : 1;
}

function isHighSurrogate(code: number): boolean {
  return (code & 0xfc00) === 0xd800;
}

function isStop(text: string, at: number): boolean {
  return text.charCodeAt(at) > 127 && wideKind(text.charCodeAt(at)) === 'stop';
}

// An ideographic full stop ends a sentence, unless no domain is complete yet or a TLD follows.
function joinsLabels(head: string, next: string, domains: Domains): boolean {
  if (next === '' || head.length > maxDomain) return false;
  const startsDomain = !/[.\u3002\uFF0E\uFF61]/.test(head) && isAscii(next);
  return startsDomain || domains.hasTld(next);
}

// Of a label that an at sign follows, only what text in a script without spaces parts from a local
// part: `com和petr@`.
function labelAt(text: string, start: number): string {
  const label = /^[\p{L}\p{M}\p{N}-]*/u.exec(text.slice(start, start + maxLabel + 1))?.[0] ?? '';
  if (!isAtSign(text.charCodeAt(start + label.length))) return label;
  return gluedHead(label) ?? '';
}
