import type { AddressReason } from './address-reason.ts';
import type { Candidate, Rejection, Scope } from './candidate.ts';
import { isInMailto, labelFault, schemeFault } from './preceding-label.ts';
import { scanBack } from './scan-back.ts';

const password = /^:[^\s"<>/?#@]*@[a-z0-9.-]*/i;
const wordEnd = /[\p{L}\p{M}\p{N}]$/u;
// Apostrophes and hyphens as word processors write them.
// An enumerator inside a word is part of it.
const typographicJoiner =
  /[\u2460-\u24FF\u2776-\u2793\u2018\u2019\u02B9\u2032\u00B4\u2010-\u2013\u2212]/;
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
  return (
    rejectUserinfo(scope, candidate) ??
    rejectEncoded(scope, candidate) ??
    rejectLabelled(scope, candidate) ??
    rejectGluedFront(scope, candidate) ??
    (isScpPath(text, end) ? { reason: 'scp-path', start, end } : undefined)
  );
}

// `&#64;` and `%40`; only a `mailto:` link may spell its at sign so (RFC 6068).
function rejectEncoded(scope: Scope, { start, at, end }: Candidate): Rejection | undefined {
  const code = scope.text.charCodeAt(at);
  const isEncoded = code === 0x26 || (code === 0x25 && !isInMailto(scope, start));
  return isEncoded ? { reason: 'entity-encoded', start, end } : undefined;
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
  if (!isOpen && !hasPassword) return undefined;
  return { reason: 'userinfo-url', start: token, end: authorityEnd(text, end) };
}

// `ana@example.com:password@host`: the user name was an address, the password is still to come.
function authorityEnd(text: string, end: number): number {
  if (text.charCodeAt(end) !== 0x3a) return end;
  return end + (password.exec(text.slice(end, end + 256))?.[0].length ?? 0);
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
  const glue = gluedBy(before, text.slice(start, Math.min(start + 16, candidate.at)));
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
  // `a…e@` hides letters; before a longer word, the dots end a sentence.
  if (last === '\u2026' && afterWord && next.length < 3) return { reason: 'masked', length: 1 };
  if (afterWord && typographicJoiner.test(last)) return { reason: 'bad-char', length: 1 };
  if (last === '"' && /[\p{L}\p{N}]{2}$/u.test(rest)) return { reason: 'bad-char', length: 1 };
  if (last === '\\' && afterWord && !isEscape(rest, next)) return { reason: 'bad-char', length: 1 };
  return last === ';' ? gluedByEntity(before, next) : undefined;
}

function gluedByEntity(before: string, next: string): Glue | undefined {
  const name = entity.exec(before)?.[0];
  if (!name || separatingEntity.test(name) || isNextField(name, next)) return undefined;
  return wordEnd.test(before.slice(0, -name.length))
    ? { reason: 'entity-encoded', length: name.length }
    : undefined;
}

// `Hello\nana@…` in source code, but neither `ana\reyes@…` nor `CORP\nina@…`.
function isEscape(before: string, next: string): boolean {
  return /^(?:[nt]|r\\n|u00|x[0-9a-f]{2})/.test(next) && !/(?:^|[^\p{L}])[A-Z]{2,}$/u.test(before);
}

// `&amp;cc=` in the HTML of a link.
function isNextField(name: string, next: string): boolean {
  return name.toLowerCase() === '&amp;' && /^[a-z]+=/i.test(next);
}

// `host:path`, as scp, rsync and git write it; a port is not a path.
function isScpPath(text: string, end: number): boolean {
  if (text.charCodeAt(end) !== 0x3a) return false;
  return /^:(?:~|:[\w.-]|(?!\d+(?:\/|$))[\w.~-]*\/)/.test(text.slice(end, end + 100));
}
