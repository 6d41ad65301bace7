import type { Candidate, Rejection, Scope } from './candidate.ts';
import { rejectGluedFront } from './glued-front.ts';
import { isInMailto, labelFault, schemeFault } from './preceding-label.ts';

const hostLike = /^(?:localhost|\[[^\]]*\]|[^=@:]*\.[^=@:]*)(?::\d*)?$/i;
// `//user:password@host`, as a page writes what has its own scheme.
const schemeless = /^(?:[\w.-]*['`([{=,;|])*\/\/(?!mailto:)[^/?#:]*:(?!\d*[/?#])/i;
// A host as a whole, and what may follow one.
const host = String.raw`(?:localhost|[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+)(?::\d+)?(?:[/?#,;|，；、"'<>()[\]{}\s]|$)`;
// What is in front of it behind the first at sign: `ss!word@` of `user:pa@ss!word@host`, and
// `example.com:password@` of `ana@example.com:password@host`.
const beforeHost = new RegExp(String.raw`^(?:(?!${host})[^\s"<>/?@]*@)+[a-z0-9.-]*`, 'iu');
// Databases and brokers with several hosts may be told a password for each.
const nextLogin = /^(?::\d+)?[,;][^\s"<>/?@,;:]+:[^\s"<>/?@,;]*@[a-z0-9.-]*[a-z0-9]/i;
const maxBeforeHost = 256;
const colon = 0x3a;
const port = /^:\d{2,5}(?![\p{L}\p{N}:.-])/u;
// `user/password@host:1521`, as databases are told, the name of one behind it.
const slashedLogin = /^(?:[\w.-]+=)?[\w.$#-]+\/[^/]+$/;
const oraclePort = /^:\d{2,5}(?![\p{L}\p{N}.-])/u;
const oracleTool =
  /(?:^|[^\w.-])(?:sqlplus|expdp|impdp|sqlldr|rman|conn(?:ect)?)\s(?:\s*-\S+\s)*["']?$/i;
const curlLogin = /\s(?:-u|--user|--proxy-user)[ =]?["']?[^\s:"']+:$/;
const maxUserName = 64;
const userName = /[\p{L}\p{N}._-]+:$/u;

/** What the text around a candidate says it is instead of an address. */
export function rejectByContext(scope: Scope, candidate: Candidate): Rejection | undefined {
  const { text } = scope;
  const { start, end } = candidate;
  return (
    rejectUserinfo(scope, candidate) ??
    rejectLogin(scope, candidate) ??
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
  const { start, at } = candidate;
  if (start === floor || isBlank(text.charCodeAt(start - 1))) return undefined;
  let token = start;
  while (token > floor && !/[\s"<>]/.test(text.charAt(token - 1))) token--;
  const before = text.slice(token, at);
  if (!isUserinfo(before)) return undefined;
  return { reason: 'userinfo-url', start: token, end: authorityEnd(text, candidate) };
}

// `user:password@host:8080`, as proxies are told. What a further colon follows is a list of fields.
function rejectLogin(scope: Scope, { start, at, end }: Candidate): Rejection | undefined {
  const { text, floor } = scope;
  const run = text.slice(start, at);
  if (isToldLogin(scope, start, run)) return { reason: 'userinfo-url', start, end };
  if (text.charCodeAt(end) !== colon) return undefined;
  if (slashedLogin.test(run) && oraclePort.test(text.slice(end, end + 8))) {
    return { reason: 'userinfo-url', start, end };
  }
  if (text.charCodeAt(start - 1) !== colon) return undefined;
  if (!port.test(text.slice(end, end + 8)) || isInMailto(scope, start)) return undefined;
  const [user = ''] = userName.exec(text.slice(Math.max(floor, start - maxUserName), start)) ?? [];
  return user === '' ? undefined : { reason: 'userinfo-url', start: start - user.length, end };
}

// What a program is told to log in with.
function isToldLogin({ text, floor }: Scope, start: number, run: string): boolean {
  const isCurl = text.charCodeAt(start - 1) === colon;
  if (!isCurl && !run.includes('/')) return false;
  const before = text.slice(Math.max(floor, start - maxUserName), start);
  return isCurl ? curlLogin.test(before) : slashedLogin.test(run) && oracleTool.test(before);
}

// Whether what stands before an at sign, back to the last blank, is all in front of a host.
function isUserinfo(before: string): boolean {
  const scheme = before.lastIndexOf('://');
  if (scheme < 0) return schemeless.test(before);
  if (/mailto$/i.test(before.slice(0, scheme))) return false;
  const [host = ''] = before.slice(scheme + 3).split(/[/?#,;|]/, 1);
  const next = before.charAt(scheme + 3 + host.length);
  // A list may go on behind a host, and a user name may hold what separates lists.
  const isOpen = next === '' || (/[#,;|]/.test(next) && !hostLike.test(host));
  const hasPassword = /:(?!\d*$)/.test(host) && !host.startsWith('[');
  return isOpen || hasPassword;
}

// A password may hold at signs, too, and a user name may be an address.
function authorityEnd(text: string, { domainStart, end }: Candidate): number {
  const taken = beforeHost.exec(text.slice(domainStart, domainStart + maxBeforeHost));
  let last = Math.max(end, domainStart + (taken?.[0].length ?? 0));
  for (;;) {
    const [next = ''] = nextLogin.exec(text.slice(last, last + maxBeforeHost)) ?? [];
    if (next === '') return last;
    last += next.length;
  }
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

function isBlank(code: number): boolean {
  return code === 0x20 || (code > 8 && code < 14);
}

// `host:path`, as scp, rsync and git write it; a port is not a path.
function isScpPath(text: string, end: number): boolean {
  if (text.charCodeAt(end) !== 0x3a) return false;
  return /^:(?:~|:[\w.-]|[A-Za-z]:[\\/]|(?!\d+(?:\/|$))[\w.~-]*\/|[\w-]+\.git\b)/.test(
    text.slice(end, end + 100),
  );
}
