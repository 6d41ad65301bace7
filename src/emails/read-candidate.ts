import { atSignLength, isAtSign } from './at-signs.ts';
import type { Candidate, Scope } from './candidate.ts';
import { wideKind } from './characters.ts';
import { scanBack } from './scan-back.ts';
import { scanForward } from './scan-forward.ts';
import { gluedTextStart } from './settle-domain.ts';

/** Reads the runs around the at sign at `at`. */
export function readCandidate(scope: Scope, at: number): Candidate {
  const { text, floor, domains } = scope;
  const start = scanBack(text, at, floor);
  const domainStart = at + atSignLength(text, at);
  const first = scanForward(text, domainStart, domains);
  // Before the chain is followed, or every address in it would read it to its end.
  const split = isAtSign(text.charCodeAt(first))
    ? (gluedTextStart(scope, domainStart, first) ?? invisibleSplit(scope, domainStart, first))
    : undefined;
  const end = split ?? chainEnd(scope, first);
  return { start, at, domainStart, end, chained: end > first };
}

// Where a chain of further at signs ends. Behind a domain, `+` can only start a second local part.
function chainEnd({ text, domains }: Scope, first: number): number {
  let end = first;
  for (;;) {
    let next = end;
    while (isPlus(text.charCodeAt(next))) next = scanForward(text, next + 1, domains);
    if (!isAtSign(text.charCodeAt(next))) return end;
    while (isAtSign(text.charCodeAt(next))) next++;
    end = scanForward(text, next, domains);
  }
}

function isPlus(code: number): boolean {
  return code === 0x2b || code === 0xff0b;
}

// A zero-width character between two addresses separates them when the first one is complete.
function invisibleSplit(scope: Scope, from: number, to: number): number | undefined {
  let split = to - 1;
  while (split > from && !isInvisible(scope.text.charCodeAt(split))) split--;
  if (split === from) return undefined;
  const domain = withoutInvisible(scope.text.slice(from, split));
  return scope.domains.isReachable(domain) ? split : undefined;
}

function isInvisible(code: number): boolean {
  return code > 127 && wideKind(code) === 'invisible';
}

/** A text without its format characters (Unicode category Cf). */
export function withoutInvisible(text: string): string {
  return text.replace(/\p{Cf}/gu, '');
}
