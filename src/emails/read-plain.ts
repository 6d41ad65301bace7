import type { AtSign } from './at-signs.ts';
import { kind, kinds } from './characters.ts';
import { judgeText } from './judge/judge-address.ts';
import type { Scope } from './token.ts';

const maxLocalPart = 64;
const plus = 0x2b;
const dot = 0x2e;

/**
 * The early exit for a plain ASCII token that nothing odd stands beside, which most addresses of a text
 * are. Returns where it ended, or -1 when the token needs the full reading.
 */
export function readPlain({ text, floor, domains, ledger }: Scope, { at }: AtSign): number {
  const lowest = Math.max(floor, at - maxLocalPart - 1);
  let start = at;
  while (start > lowest && isLocal(text.charCodeAt(start - 1))) start--;
  if (start === at || !isFreeBefore(text, start)) return -1;
  let end = at + 1;
  while (isDomain(text.charCodeAt(end))) end++;
  if (!isFreeBehind(text, end)) return -1;
  while (text.charCodeAt(end - 1) === dot) end--;
  const domain = domains.judge(text.slice(at + 1, end));
  if (domain.fault || domain.review) return -1;
  const raw = text.slice(start, end);
  const judged = judgeText(raw, domains);
  if (!judged.ok) return -1;
  const { address, key, localPart, needsSmtpUtf8 } = judged;
  ledger.accept({
    verdict: 'ok',
    address,
    key,
    localPart,
    domain: domain.ascii,
    needsSmtpUtf8,
    index: start,
    length: end - start,
    raw,
  });
  return end;
}

function isLocal(code: number): boolean {
  return code === plus || isDomain(code);
}

function isDomain(code: number): boolean {
  return ((kinds[code] ?? 0) & (kind.word | kind.joiner)) !== 0;
}

// A letter first, since signs and the numbers of a list may stand in front of an address. A blank only
// behind a plain word: an escape, a folded line or a broken word ends in something else.
function isFreeBefore(text: string, start: number): boolean {
  const first = text.charCodeAt(start) | 0x20;
  if (first < 0x61 || first > 0x7a) return false;
  if (start === 0) return true;
  const code = text.charCodeAt(start - 1);
  if (code !== 0x20 && code !== 0x0a) return code === 0x2c;
  const further = text.charCodeAt(start - 2);
  if (further === 0x3a) return (text.charCodeAt(start - 3) | 0x20) !== 0x64;
  return ((kinds[further] ?? 0) & kind.word) !== 0 || further === 0x2c || further === code;
}

function isFreeBehind(text: string, end: number): boolean {
  if (end === text.length) return true;
  const code = text.charCodeAt(end);
  if (((kinds[code] ?? 0) & kind.closes) === 0) return false;
  const next = text.charCodeAt(end + 1);
  if (code === 0x0a) return next > 0x20 ? next !== dot : next !== 0x20 && next !== 0x09;
  return code !== 0x0d && next !== 0x3e;
}
