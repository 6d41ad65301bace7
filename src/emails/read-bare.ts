import type { AddressReason } from './judge/reasons.ts';
import type { Scope, Token } from './token.ts';

const maxWindow = 80;
const blank = /^[ \u00A0\u3000]/;
const wordBefore = /([\p{L}\p{N}._+-]+)[ \u00A0\u3000]{0,3}$/u;
const wordBehind = /^[ \u00A0\u3000]{0,3}([\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?)/u;
const chained = /^(?:\uFFFD|[^\s"<>,;:()[\]{}|/\\\p{So}\p{Ps}\p{Pe}\p{Z}])*/u;

/**
 * Reads an at sign without a local part or a domain, and one whose run holds a further at sign. Returns
 * where to read on, or nothing when the token may be an address.
 */
export function readBare(scope: Scope, token: Token): number | undefined {
  const { start, at, domainStart, end } = token;
  if (scope.text.charAt(end) === '@') return refuseChain(scope, token);
  const spaced = spacedSpan(scope, token);
  if (spaced) return refuse(scope, 'space-around-at', spaced);
  if (start < at) return undefined;
  if (domainStart === end) return end;
  const { reason, ...span } = withoutLocalPart(scope, token);
  if (reason === 'quoted-local') scope.ledger.forget(span.start);
  return refuse(scope, reason, span);
}

// `@ana@social.example.com`, `ana@@example.com`, `ana@example.com@example.org`: all of it.
function refuseChain(scope: Scope, { start, at, end }: Token): number {
  const chain = chained.exec(scope.text.slice(start, start + 8 * maxWindow))?.[0] ?? '';
  const last = Math.max(end + 1, start + chain.length);
  if (/^@*$/.test(scope.text.slice(start, last))) return last;
  return refuse(scope, start === at ? 'handle' : 'double-at', { start, end: last });
}

// `ana @ example.com`, `ana@ example.com` and `ana @example.com`, on one line.
function spacedSpan(scope: Scope, { start, at, domainStart, end }: Token): Span | undefined {
  const { text, floor, domains } = scope;
  const isOpenBefore = start === at && blank.test(text.charAt(at - 1));
  if (!isOpenBefore && !(domainStart === end && blank.test(text.charAt(end)))) return undefined;
  const before = wordBefore.exec(text.slice(Math.max(floor, at - maxWindow), at));
  const behind = before && wordBehind.exec(text.slice(domainStart, domainStart + maxWindow));
  if (!before || !behind || !domains.isReachable(behind[1] ?? '')) return undefined;
  return { start: at - before[0].length, end: domainStart + behind[0].length };
}

function withoutLocalPart(
  scope: Scope,
  { at, domainStart, end }: Token,
): Span & { reason: AddressReason } {
  const { text, domains, floor } = scope;
  const domain = text.slice(domainStart, end);
  if (text.charAt(end) !== '"' && domain.includes('.')) {
    const quoted = /"(?:[^"\r\n\\]|\\.)*"$|"$/.exec(text.slice(Math.max(0, at - maxWindow), at));
    if (quoted) return { reason: 'quoted-local', start: at - quoted[0].length, end };
  }
  const before = text.slice(Math.max(floor, at - maxWindow), at);
  const word = { start: at - (/[^\s"<>,;]*$/.exec(before)?.[0].length ?? 0), end };
  if (/[\u2022\u25CF\u2026*]$/.test(before)) return { reason: 'masked', ...word };
  if (/&[#\w]+;$/.test(before)) return { reason: 'entity-encoded', ...word };
  const isGlued = /[)\]}>\\\p{So}\u2019\u201D]$/u.test(before) && domains.isReachable(domain);
  if (isGlued) return { reason: 'bad-char', start: Math.min(word.start, at - 1), end };
  const isScoped = text.charAt(end) === '/' && !domain.includes('.');
  return { reason: isScoped ? 'identifier' : 'handle', start: at, end };
}

/** A piece of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const maxRefused = 320;
const wordHead = /(?<=([^\s"<>,;]*))/y;
// A host as a whole, and the parts of a password or user name with an at sign in front of it.
const host = String.raw`(?:localhost|[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+)(?::\d+)?(?:[/?#,;|，；、"'<>()[\]{}\s]|$)`;
const beforeHost = new RegExp(String.raw`^(?:(?!${host})[^\s"<>/?@]*@)+[a-z0-9.-]*`, 'iu');

/** Enters a piece of the text as something that cannot be invited. Returns where it ends. */
export function refuse(scope: Scope, reason: AddressReason, { start, end }: Span): number {
  scope.ledger.reject(reason, start, end);
  if (reason === 'message-id') scope.idsEnd = end;
  return end;
}

/** What is shown of a refused token: a log-in from its scheme on, a word from its start on. */
export function wholeWord(scope: Scope, token: Token, reason: AddressReason): Span {
  const { text, floor } = scope;
  const { start, at, domainStart, end } = token;
  if (reason === 'message-id' || reason === 'identifier') return { start, end };
  const lead = text.slice(Math.max(floor, at - maxRefused), start);
  wordHead.lastIndex = lead.length;
  const head = wordHead.exec(lead)?.[1] ?? '';
  const rest = text.slice(domainStart, domainStart + maxRefused);
  const tail = { 'userinfo-url': beforeHost, 'double-at': /^[^\s"<>,;]*/ }[String(reason)];
  const more = tail?.exec(rest)?.[0].length ?? 0;
  return { start: start - head.length, end: Math.max(end, domainStart + more) };
}
