import { isAscii } from './ascii.ts';
import type { Candidate, Scope } from './candidate.ts';
import { asciiKind, kind, wideKind } from './characters.ts';
import { ianaTlds } from './tlds.ts';
import { unspacedScripts } from './unspaced-scripts.ts';

/** Where a domain ends, once what trails it is gone. */
export interface SettledDomain {
  readonly end: number;
  /** Whether text in a script without spaces was cut off its end. */
  readonly cut: boolean;
}

const wideTrailing = /[\u3002\uFF0E\uFF61\p{Cf}]/u;
const gluedText = new RegExp(String.raw`^([a-z]{2,})\p{Cf}*[${unspacedScripts}]`, 'iu');

/** Finds the end of the domain inside the run of domain characters. */
export function settleDomain(scope: Scope, { domainStart, end }: Candidate): SettledDomain {
  const { text } = scope;
  let settled = end;
  while (settled > domainStart && trails(text.charCodeAt(settled - 1))) settled--;
  const glued = gluedTextStart(scope, domainStart, settled);
  if (glued !== undefined) return { end: glued, cut: true };
  // A run ends before a letter only where it was split already.
  const next = text.codePointAt(end) ?? 0;
  return { end: settled, cut: next > 127 && wideKind(next) === 'letter' };
}

/** Where text in a script without spaces begins behind a domain, if it does. */
export function gluedTextStart(scope: Scope, from: number, to: number): number | undefined {
  const run = scope.text.slice(from, to);
  if (isAscii(run)) return undefined;
  // `example.comまで`: the label is no TLD, its ASCII head is.
  for (const dot of run.matchAll(/[.\u3002\uFF0E\uFF61]/g)) {
    const label = dot.index + 1;
    const head = gluedHead(run.slice(label, label + 64));
    if (head && scope.domains.hasTld(head) && !isDelegated(scope, run.slice(label))) {
      return from + label + head.length;
    }
  }
  return undefined;
}

/** The ASCII head of a label that goes on in a script without spaces. */
export function gluedHead(label: string): string | undefined {
  return gluedText.exec(label)?.[1];
}

function trails(code: number): boolean {
  if (code < 128) return asciiKind(code) === kind.joiner;
  return wideTrailing.test(String.fromCharCode(code));
}

function isDelegated({ domains }: Scope, label: string): boolean {
  return ianaTlds().has(domains.judge(label).ascii);
}
