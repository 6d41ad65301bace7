import type { AddressReason } from './address-reason.ts';
import type { Candidate, Rejection, Scope } from './candidate.ts';
import { labelFault, schemeFault } from './preceding-label.ts';
import { scanBack } from './scan-back.ts';

const wordEnd = /[\p{L}\p{M}\p{N}]$/u;
// Apostrophes and hyphens as word processors write them.
const typographicJoiner = /[\u2018\u2019\u02B9\u2032\u00B4\u2010-\u2013\u2212]/;
// One bullet starts a list item; several hide letters.
const bullets = /[\u2022\u25CF\u2217\u22C6\u2588]{2,}$/;
// Entities that separate; any other one stands for a character of the address.
const separatingEntity =
  /&(?:[lg]t|quot|nbsp|[lr]dquo|[lr]squo|[lr]aquo|bull|newline|tab|comma|semi|colon|[lr]par|#(?:0*(?:9|10|13|32|34|40|41|44|58|59|60|62|91|93|160)|x0*(?:9|a|d|20|22|28|29|2c|3a|3b|3c|3e|5b|5d|a0)));$/i;
const entity = /&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});$/i;

/** What the text around a candidate says it is instead of an address. */
export function rejectByContext(scope: Scope, candidate: Candidate): Rejection | undefined {
  const { text } = scope;
  const { start, end } = candidate;
  if (text.charCodeAt(candidate.at) === 0x26 || text.charCodeAt(candidate.at) === 0x25) {
    return { reason: 'entity-encoded', start, end };
  }
  return (
    rejectUserinfo(scope, candidate) ??
    rejectLabelled(scope, candidate) ??
    rejectGluedFront(scope, candidate) ??
    (isScpPath(text, end) ? { reason: 'scp-path', start, end } : undefined)
  );
}

// `scheme://user:password@host`. A password may hold any delimiter, even `/`, `?` and `#`.
function rejectUserinfo({ text, floor }: Scope, candidate: Candidate): Rejection | undefined {
  const { start, at, end } = candidate;
  if (start === floor || isBlank(text.charCodeAt(start - 1))) return undefined;
  let token = start;
  while (token > floor && !/[\s"<>]/.test(text.charAt(token - 1))) token--;
  const before = text.slice(token, at);
  const scheme = before.lastIndexOf('://');
  if (scheme < 0 || /mailto$/i.test(before.slice(0, scheme))) return undefined;
  const [host = ''] = before.slice(scheme + 3).split(/[/?#,;|]/, 1);
  const isOpen = host.length === before.length - scheme - 3;
  const hasPassword = /:(?!\d*$)/.test(host) && !host.startsWith('[');
  return isOpen || hasPassword ? { reason: 'userinfo-url', start: token, end } : undefined;
}

function rejectLabelled(scope: Scope, candidate: Candidate): Rejection | undefined {
  const { text } = scope;
  const { start, end } = candidate;
  const reason = continuesMessageIds(scope, start)
    ? 'message-id'
    : (schemeFault(text, start, scope.floor) ?? labelFault(text, start, scope.floor));
  return reason && { reason, start, end };
}

// `References` lists several ids, one after another.
function continuesMessageIds({ text, floor, messageIdEnd }: Scope, start: number): boolean {
  const gap = start - floor;
  return messageIdEnd === floor && gap < 16 && /^>[\s,]*<$/.test(text.slice(floor, start));
}

// A character that is no part of a run can still be part of what the person meant.
function rejectGluedFront({ text, floor }: Scope, candidate: Candidate): Rejection | undefined {
  const { start, end } = candidate;
  if (!isGlue(text.charCodeAt(start - 1))) return undefined;
  const before = text.slice(Math.max(floor, start - 10), start);
  const glue = gluedBy(before, text.slice(start, start + 1));
  if (!glue) return undefined;
  const glued = start - glue.length;
  return { reason: glue.reason, start: scanBack(text, glued, floor), end };
}

// The cheap question first: `"`, `;`, a backslash or anything beyond ASCII.
function isGlue(code: number): boolean {
  return code > 127 || code === 0x22 || code === 0x3b || code === 0x5c;
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code > 8 && code < 14);
}

interface Glue {
  readonly reason: AddressReason;
  readonly length: number;
}

function gluedBy(before: string, next: string): Glue | undefined {
  const last = before.at(-1) ?? '';
  const rest = before.slice(0, -1);
  const afterWord = wordEnd.test(rest);
  const mask = bullets.exec(before)?.[0];
  if (mask) return { reason: 'masked', length: mask.length };
  if (afterWord && typographicJoiner.test(last)) return { reason: 'bad-char', length: 1 };
  if (last === '"' && /[\p{L}\p{N}]{2}$/u.test(rest)) return { reason: 'bad-char', length: 1 };
  if (last === '\\' && afterWord && !/[nrtux]/.test(next)) return { reason: 'bad-char', length: 1 };
  const name = last === ';' ? entity.exec(before)?.[0] : undefined;
  if (!name || separatingEntity.test(name)) return undefined;
  return wordEnd.test(before.slice(0, -name.length))
    ? { reason: 'entity-encoded', length: name.length }
    : undefined;
}

// `host:path`, as scp, rsync and git write it; a port is not a path.
function isScpPath(text: string, end: number): boolean {
  if (text.charCodeAt(end) !== 0x3a) return false;
  return /^:(?:~|:[\w.-]|(?!\d+(?:\/|$))[\w.~-]*\/)/.test(text.slice(end, end + 100));
}
