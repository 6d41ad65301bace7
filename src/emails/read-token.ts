import type { AtSign } from './at-signs.ts';
import { unseen } from './characters.ts';
import { type Context, contextFault, isSecret } from './context-rules.ts';
import { readDisplayName } from './display-name.ts';
import { isKey, type Trimmed, trimFront } from './front.ts';
import { judgeText } from './judge/judge-address.ts';
import type { AddressReason, GoodAddress, ReviewReason } from './judge/reasons.ts';
import { composed, isAscii } from './judge/text-forms.ts';
import { readBare } from './read-bare.ts';
import { trimTail } from './tail.ts';
import {
  maxBefore,
  maxBehind,
  type Scope,
  type Token,
  takeToken,
  withoutGluedText,
} from './token.ts';

const maxContext = 80;
const invisible = new RegExp(`[${unseen}]`, 'gu');

/** Reads the token around an at sign into at most one entry. Returns where to read on. */
export function readToken(scope: Scope, sign: AtSign): number {
  const taken = takeToken(scope, sign);
  if (taken.isLong) return refuse(scope, 'too-long', taken);
  const token = withoutGluedText(scope, taken);
  const context = contextOf(scope, token);
  const isLogin = token.start < token.at && isSecret(context);
  if (isLogin) return refuse(scope, 'userinfo-url', wholeWord(scope, token, 'userinfo-url'));
  const bare = readBare(scope, token);
  if (bare !== undefined) return bare;
  const angle = angleAround(scope, token);
  if (angle) return readAngle(scope, angle, context);
  return readLoose(scope, token, context);
}

function contextOf({ text, floor }: Scope, { start, at, end }: Token): Context {
  const local = text.slice(start, at);
  const before = text.slice(Math.max(floor, start - maxContext), start);
  const above = text.slice(Math.max(0, start - maxContext), start);
  return { before, above, local, lead: before + local, behind: text.slice(end, end + maxContext) };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function refuse(scope: Scope, reason: AddressReason, { start, end }: Span): number {
  scope.ledger.reject({ reason, start, end });
  if (reason === 'message-id') scope.idsEnd = end;
  return end;
}

// The brackets that directly enclose a token, unless they are a tag.
function angleAround({ text, floor }: Scope, { start, at, end }: Token): Span | undefined {
  const isNear =
    /[<:]/.test(text.charAt(start - 1)) || /^[._-]*\s*[>|?]/.test(text.slice(end, end + 8));
  if (!isNear) return undefined;
  const before = text.slice(Math.max(floor, at - maxBefore), at);
  const open = /<[^<>"\r\n]*$/.exec(before);
  const behind = /^[^<>"\r\n]*(?=>)/.exec(text.slice(at, at + maxBehind));
  if (!open || !behind) return undefined;
  const inner = { start: at - open[0].length + 1, end: at + behind[0].length };
  const isTag = /^\/|^[a-z][\w-]*\s+[^=]*=|:\/\//i.test(text.slice(inner.start, inner.end));
  return isTag ? undefined : inner;
}

const angleForm =
  /^([\s\p{Cf}]*(?:mailto:|smtp:|rfc822;)?)([^\s|?]*?)(?:\?[^|\s]*)?(?:\|([^|]*))?\s*$/iu;

// Nothing is stripped here: one address, a link to it, or a link and its text; else all is refused.
function readAngle(scope: Scope, span: Span, context: Context): number {
  const { text, domains } = scope;
  const content = text.slice(span.start, span.end);
  const [, scheme = '', form = content, label = ''] = angleForm.exec(content) ?? [];
  const isLink = /mailto/i.test(scheme);
  const written = content.includes('?') && !isLink ? content : form;
  const plain = written.replace(invisible, '');
  const judged = judgeText(isLink ? linkedAddress(plain) : plain, domains);
  const isOther = label.includes('@') && label.trim() !== written;
  const reason =
    idFault(scope, span) ??
    contextFault(context) ??
    (/=\?|\?=/.test(written) ? 'entity-encoded' : undefined) ??
    (judged.ok ? undefined : judged.reason) ??
    pathFault(context.local, domains) ??
    bidiFault(written.trim()) ??
    (isOther ? 'display-name-address' : symbolFault(context.local));
  const display = takeName(scope, span, { judged, reason });
  if (reason !== undefined || !judged.ok) {
    return refuse(scope, reason ?? 'bad-char', trimmed(text, span));
  }
  const start = span.start + scheme.length;
  const review = addressReview(scope, judged, isLink);
  accept(scope, { start, end: start + written.length }, { judged, display, review });
  return span.end;
}

interface AngleVerdict {
  readonly judged: ReturnType<typeof judgeText>;
  readonly reason: AddressReason | undefined;
}

// The address in the brackets is the recipient: another one in its name is a disguise.
function takeName(
  { text, floor, ledger }: Scope,
  { start }: Span,
  { judged, reason }: AngleVerdict,
): string | undefined {
  const name = readDisplayName(text, start - 1, floor);
  const isAdjacent = floor > 0 && /^[ \u00A0"']*<$/.test(text.slice(floor, start));
  const posing = isAdjacent ? Math.min(name.start, floor - 1) : name.start;
  if (reason !== 'message-id') ledger.rejectPosing(posing, judged.ok ? judged.key : '');
  return name.name;
}

function trimmed(text: string, { start, end }: Span): Span {
  const content = text.slice(start, end);
  return { start: end - content.trimStart().length, end: start + content.trimEnd().length };
}

// Headers such as `References` list several ids, one after another.
function idFault({ text, idsEnd, floor }: Scope, { start }: Span): AddressReason | undefined {
  if (idsEnd < 0 || idsEnd !== floor || start - floor > 16) return undefined;
  return /^>?[\s,]*<$/.test(text.slice(floor, start)) ? 'message-id' : undefined;
}

function readLoose(scope: Scope, token: Token, context: Context): number {
  const { text, domains } = scope;
  const { at, domainStart, end } = token;
  const isLink = isInLink(scope, token);
  const fault = contextFault(context) ?? spelledFault(scope, token, isLink);
  if (fault) return refuse(scope, fault, wholeWord(scope, token, fault));
  const domain = text.slice(domainStart, end);
  const { front, tail } = trim(context, domain, isLink);
  const span = { start: token.start + front.dropped, end: end - tail.dropped };
  const written = text.slice(span.start, at);
  const local = resolved(isLink ? percentDecoded(written) : written);
  const judged = judgeText(`${local}@${resolved(text.slice(domainStart, span.end))}`, domains);
  const reason =
    pathFault(context.local, domains) ??
    front.fault ??
    tail.fault ??
    bidiFault(text.slice(span.start, span.end)) ??
    (judged.ok ? symbolFault(local) : namedReason(context, judged.reason, domain));
  if (reason !== undefined || !judged.ok) {
    return refuse(scope, reason ?? 'bad-char', wholeWord(scope, token, reason ?? 'bad-char'));
  }
  const sign = /^[-+\uFF0B\uFF0D]/.test(written) ? 'leading-sign' : undefined;
  const review = front.review ?? tail.review ?? sign ?? addressReview(scope, judged, isLink);
  if (isLink) scope.mailtoEnd = span.end;
  accept(scope, span, { judged, review, display: spacedName(scope, span) });
  return span.end;
}

function trim(
  context: Context,
  domain: string,
  isLink: boolean,
): { front: Trimmed; tail: Trimmed } {
  const { local, lead, behind } = context;
  const front = trimFront(context, domain.endsWith('_') ? `_${behind}` : behind, isLink);
  const marks = local.slice(0, front.dropped);
  const column = lead.length - lead.lastIndexOf('\n') + domain.length;
  return { front, tail: trimTail(domain, { behind, marks, column, isLink }) };
}

function resolved(written: string): string {
  return written.replace(invisible, '').replace(/\\(?=[._-])/g, '');
}

// `Ana < ana@example.com >`.
function spacedName({ text, floor }: Scope, { start }: Span): string | undefined {
  const gap = /<[ \u00A0\p{Cf}]{0,3}(?:mailto:)?$/iu.exec(
    text.slice(Math.max(floor, start - 11), start),
  );
  return gap ? readDisplayName(text, start - gap[0].length, floor).name : undefined;
}

interface Accepted {
  readonly judged: GoodAddress;
  readonly review: ReviewReason | undefined;
  readonly display: string | undefined;
}

function accept(
  { ledger, text }: Scope,
  { start, end }: Span,
  { judged, review, display }: Accepted,
): void {
  const { address, key, localPart, domain, needsSmtpUtf8 } = judged;
  const raw = text.slice(start, end);
  const isNormalised = isAscii(raw)
    ? raw.length !== address.length
    : /[\p{Cf}\p{Default_Ignorable_Code_Point}\uFF01-\uFF5E\uFE6B\u3002\uFF61]/u.test(raw) ||
      /[\\%]/.test(raw);
  ledger.accept({
    verdict: review ? 'review' : 'ok',
    ...(review && { reason: review }),
    ...(display && { display }),
    ...(isNormalised && { normalised: true }),
    ...{ address, key, localPart, domain, needsSmtpUtf8 },
    ...{ index: start, length: end - start, raw },
  });
}

function addressReview(
  { domains }: Scope,
  judged: GoodAddress,
  isLink = false,
): ReviewReason | undefined {
  if (judged.suspicious) return 'mixed-scripts';
  if (!isLink && /%[0-9a-f]{2}/i.test(judged.localPart)) return 'percent-sign';
  return domains.judge(judged.domain).review;
}

// Only a `mailto:` link may spell its characters as escapes (RFC 6068).
function isInLink({ text, floor, mailtoEnd }: Scope, { start }: Token): boolean {
  if (/mailto:(?:\/\/|\?\w+=)?$/i.test(text.slice(Math.max(floor, start - 24), start))) return true;
  return (
    mailtoEnd >= 0 &&
    mailtoEnd === floor &&
    start - floor < maxContext &&
    !/[\s"'<>]/.test(text.slice(floor, start))
  );
}

function spelledFault(
  { text }: Scope,
  { at, domainStart }: Token,
  isLink: boolean,
): AddressReason | undefined {
  const spelling = text.slice(at, domainStart);
  if (spelling.length === 1 || (isLink && spelling === '%40')) return undefined;
  return 'entity-encoded';
}

const rewritten = /^(?:srs[01][=+-]|(?:ms)?prvs\d?=|btv\d==)/i;
const bounced = /(?:^|[-.+])(?:bounces?|return)[-.+][^=]*=/i;

// Return paths that were rewritten or carry another address, and accounts of directories.
function pathFault(local: string, domains: Scope['domains']): AddressReason | undefined {
  if (rewritten.test(local)) return 'srs';
  if (/^IMCEA[A-Z]*-/i.test(local)) return 'identifier';
  if (bounced.test(local)) return 'verp';
  const [host = ''] = local.split('/', 1);
  if (host !== local && domains.isReachable(host)) return 'identifier';
  const [, name = '', sign = '', carried = ''] =
    /(?:^|[/?&:])([^=/?&:]*)([=/])([^=/]*)$/.exec(local) ?? [];
  if (sign === '' || isKey(name) || !domains.isReachable(carried)) return undefined;
  if (sign === '=') return /[+-]/.test(name) ? 'verp' : undefined;
  return name === '' ? undefined : 'identifier';
}

function symbolFault(local: string): AddressReason | undefined {
  return /[\p{L}\p{N}_]|^.$/u.test(local) ? undefined : 'bad-char';
}

// Around an address they are left behind by copying. Inside they reorder what the eye reads, and
// joiners (U+200C, U+200D) spell another name in several scripts.
function bidiFault(written: string): AddressReason | undefined {
  const inner = written.replace(/^\p{Cf}+|\p{Cf}+$/gu, '');
  if (/[\u202A-\u202E\u2066-\u2069]/.test(inner)) return 'bidi-override';
  return /[\u200C\u200D]/.test(inner) && !isAscii(inner.replace(/\p{Cf}/gu, ''))
    ? 'bad-char'
    : undefined;
}

function namedReason(
  { behind, local }: Context,
  reason: AddressReason,
  domain: string,
): AddressReason {
  if (/^[*\u2022\u25CF]{2}/.test(behind) && !local.startsWith('*')) return 'masked';
  if (/^v?\d+\.\d/.test(domain) && reason !== 'ip-literal') return 'identifier';
  if (domain !== '') return reason;
  if (/^\[(?:\d|IPv6:|[0-9a-f:]+\])/i.test(behind)) return 'ip-literal';
  return /^[~^<>=]+\d/.test(behind) && local !== '' ? 'identifier' : reason;
}

// What is refused is shown whole: a log-in from its scheme on, a word from its start on.
function wholeWord(
  { text, floor }: Scope,
  { start, at, domainStart, end }: Token,
  reason: AddressReason,
): Span {
  if (reason === 'message-id' || reason === 'identifier') return { start, end };
  const lead = text.slice(Math.max(floor, at - maxBefore), start);
  const head = /[^\s"<>,;]*$/.exec(lead)?.[0] ?? '';
  const isLogin = reason === 'userinfo-url';
  const authority = isLogin ? text.slice(domainStart, domainStart + maxBehind) : '';
  const more = isLogin ? (beforeHost.exec(authority)?.[0].length ?? 0) : 0;
  const chain =
    reason === 'double-at'
      ? (/^[^\s"<>,;]*/.exec(text.slice(end, end + maxBehind))?.[0].length ?? 0)
      : 0;
  return { start: start - head.length, end: Math.max(end + chain, domainStart + more) };
}

// A host as a whole, and the parts of a password or user name with an at sign in front of it.
const host = String.raw`(?:localhost|[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+)(?::\d+)?(?:[/?#,;|，；、"'<>()[\]{}\s]|$)`;
const beforeHost = new RegExp(String.raw`^(?:(?!${host})[^\s"<>/?@]*@)+[a-z0-9.-]*`, 'iu');

function linkedAddress(written: string): string {
  const address = written.includes('@') ? written : written.replace('%40', '@');
  const at = address.lastIndexOf('@');
  return percentDecoded(address.slice(0, Math.max(at, 0))) + address.slice(Math.max(at, 0));
}

function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    const decoded = composed(decodeURIComponent(text));
    // What would be a separator in the text stays escaped, and is refused with its escape.
    return /[\s/|?{}=&@]/.test(decoded) ? text : decoded;
  } catch {
    return text;
  }
}
