import type { AtSign } from './at-signs.ts';
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
}

/** Invisible characters that copying leaves; fillers, which look like a blank, are none. */
export const unseen: string = String.raw`\p{Cf}\u034F\u180B-\u180F\uFE00-\uFE0F`;
/** Scripts that are written without spaces between words. */
export const unspaced: string = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer']
  .map((name) => `\\p{Script=${name}}`)
  .join('');

const maxBefore = 320;
const maxBehind = 260;
// Invisible and broken characters belong to a run, so that the whole is refused or resolved.
const wide = String.raw`\p{L}\p{Mn}\p{Mc}\p{Nd}\p{Nl}\p{Default_Ignorable_Code_Point}\p{C}\uFFFD\uFF0D\uFF0E`;
const outside = String.raw`\0-\x1F\x7F-\x9F`;
// Markdown and LaTeX escape what would be markup: `ana\_reyes`.
const escaping = String.raw`\\(?=[._-])`;
const localRun = new RegExp(
  String.raw`(?<=((?:(?![${outside}])[\w.+\-!#$%&'*/=?^\x60{|}~\uFF0B\uFF3F${wide}]|${escaping}){0,${maxBefore}}))`,
  'uy',
);
const domainRun = new RegExp(
  String.raw`(?:(?![${outside}])[\w.\-\u3002\uFF61${wide}]|${escaping})*`,
  'uy',
);
const splits = new RegExp(`[${unseen}\\u3002\\uFF61]+|(?<=[A-Za-z])(?=[${unspaced}])`, 'gu');

/** Takes the token around an at sign; one that is too long is bounded before anything looks at it. */
export function takeToken(scope: Scope, { at, length }: AtSign): Token & { isLong: boolean } {
  const { text, floor } = scope;
  const domainStart = at + length;
  domainRun.lastIndex = domainStart;
  const behind = domainRun.exec(text)?.[0].length ?? 0;
  let start = runStart(text, at, floor);
  const isLong = (at - start === maxBefore && start > floor) || behind > maxBehind;
  // What is refused is shown whole; the next token starts behind it.
  for (let last = at; isLong && start < last; start = runStart(text, last, floor)) last = start;
  const token = { start, at, domainStart, end: domainStart + behind };
  return { ...(isLong ? token : withoutGluedText(scope, token)), isLong };
}

function runStart(text: string, end: number, floor: number): number {
  const lead = text.slice(Math.max(floor, end - maxBefore), end);
  localRun.lastIndex = lead.length;
  return end - (localRun.exec(lead)?.[1]?.length ?? 0);
}

// The token without text that runs into its domain: `example.comまで`, `example.com。`.
function withoutGluedText({ text, domains }: Scope, token: Token): Token {
  const run = text.slice(token.domainStart, token.end);
  if (isAscii(run) || domains.isReachable(run)) return token;
  for (const { index } of run.matchAll(splits)) {
    if (domains.isReachable(run.slice(0, index)))
      return { ...token, end: token.domainStart + index };
  }
  return token;
}
