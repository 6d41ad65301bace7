import type { AtSign } from './at-signs.ts';
import { judgeText } from './judge/judge-address.ts';
import type { Scope } from './token.ts';

// A letter first, since signs and the numbers of a list may stand in front of an address. A blank only
// behind a plain word: an escape, a folded line, an id or a broken word ends in something else.
const plainToken =
  /(?<=(?:^|,|\n\n|[\w,](?<!id) |[\w,]\n|(?<!d):[ ])([A-Za-z][\w.+-]{0,63}))@([\w.-]{0,252}\w)\.*(?=$|[ ,;)\]"]|\n(?![.\s])|\n\n)(?!.>)/iy;

/**
 * The early exit for a plain ASCII token that nothing odd stands beside, which most addresses of a text
 * are. Returns where it ended, or -1 when the token needs the full reading.
 */
export function readPlain({ text, floor, domains, ledger }: Scope, { at }: AtSign): number {
  plainToken.lastIndex = at;
  const [, local = '', written = ''] = plainToken.exec(text) ?? [];
  const start = at - local.length;
  if (local === '' || start < floor) return -1;
  const domain = domains.judge(written);
  if (domain.fault || domain.review) return -1;
  const raw = `${local}@${written}`;
  const judged = judgeText(raw, domains);
  if (!judged.ok) return -1;
  const { ok: _, ...recipient } = judged;
  ledger.accept({ verdict: 'ok', ...recipient, index: start, length: raw.length, raw });
  return start + raw.length;
}
