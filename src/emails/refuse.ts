import type { AddressReason } from './judge/reasons.ts';
import type { Scope, Token } from './token.ts';

/** A piece of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const maxWindow = 320;
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
  const lead = text.slice(Math.max(floor, at - maxWindow), start);
  wordHead.lastIndex = lead.length;
  const head = wordHead.exec(lead)?.[1] ?? '';
  const rest = text.slice(domainStart, domainStart + maxWindow);
  const tail = { 'userinfo-url': beforeHost, 'double-at': /^[^\s"<>,;]*/ }[String(reason)];
  const more = tail?.exec(rest)?.[0].length ?? 0;
  return { start: start - head.length, end: Math.max(end, domainStart + more) };
}
