import { isAscii } from './ascii.ts';
import type { Candidate, Scope } from './candidate.ts';
import { asciiKind, kind } from './characters.ts';
import { toAsciiDomain } from './idna.ts';
import { ianaTlds } from './tlds.ts';

/** Where a domain ends, once what trails it is gone. */
export interface SettledDomain {
  readonly end: number;
  /** Whether text in a script without spaces was cut off its end. */
  readonly cut: boolean;
}

const wideTrailing = /[\u3002\uFF0E\uFF61\p{Cf}]/u;
const gluedText =
  /^([a-z]{2,})\p{Cf}*[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/iu;

/** Finds the end of the domain inside the run of domain characters. */
export function settleDomain(scope: Scope, { domainStart, end }: Candidate): SettledDomain {
  const { text } = scope;
  let settled = end;
  while (settled > domainStart && trails(text.charCodeAt(settled - 1))) settled--;
  const run = text.slice(domainStart, settled);
  if (isAscii(run)) return { end: settled, cut: false };
  // `example.comまで`: the label is no TLD, its ASCII head is.
  for (const dot of run.matchAll(/[.\u3002\uFF0E\uFF61]/g)) {
    const label = dot.index + 1;
    const head = gluedText.exec(run.slice(label, label + 64))?.[1];
    if (head && scope.known.has(head.toLowerCase()) && !isDelegated(run.slice(label))) {
      return { end: domainStart + label + head.length, cut: true };
    }
  }
  return { end: settled, cut: false };
}

function trails(code: number): boolean {
  if (code < 128) return asciiKind(code) === kind.joiner;
  return wideTrailing.test(String.fromCharCode(code));
}

function isDelegated(label: string): boolean {
  return ianaTlds().has(toAsciiDomain(label) ?? '');
}
