import type { AtSign } from './at-signs.ts';
import { judgeText } from './judge/judge-address.ts';
import type { Scope } from './token.ts';

// Between at signs, with nothing that could be a name.
const sign = '(?:[@\uFF20\uFE6B]|%40|&#64;|&#x40;|&commat;)';
const alone = new RegExp(
  String.raw`(?<=(?:^|${sign})[^\p{L}\p{N}@]?)${sign}(?=[^\p{L}\p{N}@]?(?:${sign}|$))`,
  'uy',
);
// A letter first, since signs and the numbers of a list may stand in front of an address. A blank only
// behind a plain word: an escape, a folded line, an id or a broken word ends in something else.
const plainToken =
  /(?<=(?:^|,|\n\n|[\w,](?<!id) |[\w,]\n|(?<!d|tor):[ ])((?!imcea)[A-Za-z][\w.+-]{0,63}))@([\w.-]{0,252}\w)\.*(?=$|[ ,;)\]"]|\n(?![.\s])|\n\n)(?!.>)/iy;
// Nearly every name in front of brackets: capitalized words at the start of a line or behind a label; and
// the second of two addresses in brackets, unless it may be an id.
const namedToken =
  /(?<=(?:(?:^|\n|\t|\n[*-] |[\w-](?<!id): |>, )((?:\p{Lu}[\p{L}'.-]* ){1,4})|[a-z]> (?=<(?!CA|[A-F\d]{8}\.)))<([A-Za-z][A-Za-z\d.+_]{0,63}))@([\w.-]{0,252}\w)>/uy;

const maxUrl = 80;

// A word that is no domain, as in source code: `@media`, `\@ifnextchar`, `user@host`.
const dotless =
  /(?<=(?:^|[\s,(])\\?([A-Za-z][\w.+-]{0,63})?)@[A-Za-z][\w-]{0,62}(?=$|[\s,;)}\]{\\#>])(?!\.| ?\[)/y;

/**
 * The early exit for a plain ASCII token that nothing odd stands beside, which most addresses of a text
 * are. Returns where it ended, or -1 when the token needs the full reading.
 */
export function readPlain(scope: Scope, { at }: AtSign): number {
  alone.lastIndex = at;
  if (alone.test(scope.text)) return alone.lastIndex;
  plainToken.lastIndex = at;
  const [, local, domain = ''] = plainToken.exec(scope.text) ?? [];
  if (local !== undefined) return enter(scope, at, { local, domain });
  dotless.lastIndex = at;
  const word = dotless.exec(scope.text);
  if (word) return refuseWord(scope, at, word);
  namedToken.lastIndex = at;
  const [, words = '', name, host = ''] = namedToken.exec(scope.text) ?? [];
  if (name === undefined || at - name.length - words.length - 1 < scope.floor) return -1;
  if (words === '')
    return scope.idsEnd === scope.floor ? -1 : enter(scope, at, { local: name, domain: host });
  return enter(scope, at, { local: name, domain: host, display: words.trimEnd() });
}

function refuseWord(
  { ledger, floor }: Scope,
  at: number,
  [word, local = '']: RegExpExecArray,
): number {
  const start = at - local.length;
  if (start < floor) return -1;
  ledger.reject(local === '' ? 'handle' : 'no-tld', start, at + word.length);
  return at + word.length;
}

interface Plain {
  readonly local: string;
  readonly domain: string;
  readonly display?: string;
}

function enter(
  { text, floor, domains, ledger }: Scope,
  at: number,
  { local, domain, ...named }: Plain,
): number {
  const index = at - local.length;
  const { fault, review } = domains.judge(domain);
  // A comma may be a part of the password in a URL.
  const isInUrl =
    text.charAt(index - 1) === ',' &&
    /:\/\/\S*$/.test(text.slice(Math.max(0, index - maxUrl), index));
  if (index < floor || fault || review || isInUrl) return -1;
  const raw = `${local}@${domain}`;
  const judged = judgeText(raw, domains);
  if (!judged.ok) return -1;
  const { ok: _, ...recipient } = judged;
  ledger.accept({ verdict: 'ok', ...named, ...recipient, index, length: raw.length, raw });
  return index + raw.length;
}
