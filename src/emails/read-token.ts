import type { AtSign } from './at-signs.ts';
import { type Context, contextFault } from './context-rules.ts';
import { readDisplayName } from './display-name.ts';
import { type Trimmed, trimEdges } from './edges.ts';
import type { AcceptedEntry } from './extraction.ts';
import { judgeText } from './judge/judge-address.ts';
import type { AddressReason, BadAddress, GoodAddress, ReviewReason } from './judge/reasons.ts';
import { isAscii } from './judge/text-forms.ts';
import { readBare, refuse, type Span, wholeWord } from './read-bare.ts';
import { type Scope, type Token, takeToken, unseen } from './token.ts';

const maxContext = 80;
const maxInAngle = 320;
const invisible = new RegExp(`[${unseen}]`, 'gu');

/** Reads the token around an at sign into at most one entry. Returns where to read on. */
export function readToken(scope: Scope, sign: AtSign): number {
  const token = takeToken(scope, sign);
  if (token.isLong) return refuse(scope, 'too-long', token);
  if (token.start === token.end - sign.length && /[^\s@[(]/.test(scope.text.charAt(token.end))) {
    return token.end;
  }
  const context = contextOf(scope, token);
  const fault = token.start < token.at ? contextFault(context) : undefined;
  if (fault === 'userinfo-url') return refuse(scope, fault, wholeWord(scope, token, fault));
  const bare = readBare(scope, token);
  if (bare !== undefined) return bare;
  const angle = angleAround(scope, token);
  return angle
    ? readAngle(scope, angle, { context, fault })
    : readLoose(scope, token, { context, fault });
}

interface Looked {
  readonly context: Context;
  /** What the context rules say. */
  readonly fault: AddressReason | undefined;
}

function contextOf({ text, floor }: Scope, { start, at, end }: Token): Context {
  const local = text.slice(start, at);
  const before = text.slice(Math.max(floor, start - maxContext), start);
  return { before, local, lead: before + local, behind: text.slice(end, end + maxContext) };
}

// The brackets that directly enclose a token, unless they are a tag or hold a URL.
function angleAround({ text, floor }: Scope, { start, at, end }: Token): Span | undefined {
  const isNear =
    '<:;'.includes(text.charAt(start - 1)) || /^[._-]*\s*[>|?]/.test(text.slice(end, end + 8));
  if (!isNear) return undefined;
  const open = /<[^<>"\r\n]*$/.exec(text.slice(Math.max(floor, at - maxInAngle), at));
  const behind = /^[^<>"\r\n]*(?=>)/.exec(text.slice(at, at + maxInAngle));
  if (!open || !behind) return undefined;
  const inner = { start: at - open[0].length + 1, end: at + behind[0].length };
  const isOther = /^\/|^[a-z][\w-]*\s+[^=]*=|:\/\//i.test(text.slice(inner.start, inner.end));
  return isOther ? undefined : inner;
}

const angleForm =
  /^([\s\p{Cf}]*(?:mailto:|smtp:|rfc822;)?)([^\s|?]*?)(?:\?[^|\s]*)?(?:\|([^|]*))?\s*$/iu;

// Nothing is stripped here: one address, a link to it, or a link and its text; else all is refused.
function readAngle(scope: Scope, span: Span, { context, fault }: Looked): number {
  const content = scope.text.slice(span.start, span.end);
  const [, scheme = '', form = content, label = ''] = angleForm.exec(content) ?? [];
  const isLink = /mailto/i.test(scheme);
  const written = content.includes('?') && !isLink ? content : form;
  const address = resolved(written);
  const judged = judgeText(isLink ? linked(address) : address, scope.domains);
  const reason =
    (isNextId(scope, span) ? 'message-id' : fault) ??
    shapeFault(scope, context.local, written.trim()) ??
    faultOf(judged) ??
    (isOther(label, written) ? 'display-name-address' : undefined);
  const display = takeName(scope, span, reason === 'message-id' ? undefined : judged);
  if (reason !== undefined || !judged.ok) {
    return refuse(scope, reason ?? 'bad-char', {
      start: span.end - content.trimStart().length,
      end: span.start + content.trimEnd().length,
    });
  }
  const start = span.start + scheme.length;
  const review = addressReview(scope, judged);
  accept(scope, { start, end: start + written.length }, { judged, display, review });
  return span.end;
}

function faultOf(judged: GoodAddress | BadAddress): AddressReason | undefined {
  return judged.ok ? undefined : judged.reason;
}

// The text of a link that is another address than the link.
function isOther(label: string, written: string): boolean {
  return label.includes('@') && label.trim() !== written;
}

// The address in the brackets is the recipient: another one in its name is a disguise.
function takeName(
  { text, floor, ledger }: Scope,
  { start }: Span,
  judged?: GoodAddress | BadAddress,
): string | undefined {
  const name = readDisplayName(text, start - 1, floor);
  const isAdjacent = floor > 0 && /^[ \u00A0"']*<$/.test(text.slice(floor, start));
  const posing = isAdjacent ? Math.min(name.start, floor - 1) : name.start;
  if (judged) ledger.rejectPosing(posing, judged.ok ? judged.key : '');
  return name.name;
}

// Headers such as `References` list several ids, one after another.
function isNextId({ text, idsEnd, floor }: Scope, { start }: Span): boolean {
  return (
    idsEnd >= 0 &&
    idsEnd === floor &&
    start - floor <= 16 &&
    /^>?[\s,]*<$/.test(text.slice(floor, start))
  );
}

function readLoose(scope: Scope, token: Token, { context, fault }: Looked): number {
  const { text, domains } = scope;
  const { at, domainStart, end } = token;
  const isLink = isInLink(scope, token);
  const early = fault ?? spelledFault(text.slice(at, domainStart), isLink);
  if (early) return refuse(scope, early, wholeWord(scope, token, early));
  const edges = edgesOf(scope, token, context);
  const written = text.slice(edges.start, at);
  const spelled = resolved(isLink ? percentDecoded(written) : written);
  const judged = judgeText(`${spelled}@${resolved(text.slice(domainStart, edges.end))}`, domains);
  const reason =
    shapeFault(scope, context.local, text.slice(edges.start, edges.end)) ??
    edges.fault ??
    namedReason(context, judged, text.slice(domainStart, end));
  if (reason !== undefined || !judged.ok) {
    return refuse(scope, reason ?? 'bad-char', wholeWord(scope, token, reason ?? 'bad-char'));
  }
  const doubt = isLink ? linkDoubt(context, edges.review) : (edges.review ?? signDoubt(written));
  const review = doubt ?? addressReview(scope, judged);
  if (isLink) scope.mailtoEnd = edges.end;
  accept(scope, edges, { judged, review, display: spacedName(scope, edges) });
  return edges.end;
}

function spelledFault(spelling: string, isLink: boolean): AddressReason | undefined {
  return spelling.length === 1 || (isLink && spelling === '%40') ? undefined : 'entity-encoded';
}

function signDoubt(written: string): ReviewReason | undefined {
  return /^[-+\uFF0B\uFF0D]/.test(written) ? 'leading-sign' : undefined;
}

// The window shows what was read already, too, behind U+0000.
function edgesOf(
  { text, floor }: Scope,
  { start, domainStart, end }: Token,
  context: Context,
): Trimmed {
  const { before, local, behind } = context;
  const isCut = floor > 0 && start - before.length === floor;
  const above = isCut ? `${text.slice(Math.max(0, floor - maxContext), floor)}\0` : '';
  const lead = above + before;
  const at = lead.length + local.length;
  const window = `${lead}${local}@${text.slice(domainStart, end)}${behind}`;
  const size = at + 1 + end - domainStart;
  const edges = trimEdges({ text: window, start: lead.length, at, end: size });
  return { ...edges, start: start + edges.start - lead.length, end: end + edges.end - size };
}

// In a link, escapes and a query are plain.
function linkDoubt(
  { behind }: Context,
  review: ReviewReason | undefined,
): ReviewReason | undefined {
  const isPlain = review === 'percent-sign' || (review === 'glued' && /^[%?&]/.test(behind));
  return isPlain ? undefined : review;
}

// `Ana < ana@example.com >`.
function spacedName({ text, floor }: Scope, { start }: Span): string | undefined {
  const gap = /<[ \u00A0\p{Cf}]{0,3}(?:mailto:)?$/iu.exec(
    text.slice(Math.max(floor, start - 11), start),
  );
  return gap ? readDisplayName(text, start - gap[0].length, floor).name : undefined;
}

interface Accepted extends Pick<AcceptedEntry, 'display'> {
  readonly judged: GoodAddress;
  readonly review: ReviewReason | undefined;
}

function accept(
  { ledger, text }: Scope,
  { start, end }: Span,
  { judged, review, display }: Accepted,
): void {
  const { ok: _, suspicious: __, ...recipient } = judged;
  const raw = text.slice(start, end);
  const isNormalised = isAscii(raw)
    ? raw.length !== judged.address.length
    : resolved(raw) !== raw || /[\uFF01-\uFF5E\uFE6B\u3002\uFF61%]/.test(raw);
  ledger.accept({
    verdict: review ? 'review' : 'ok',
    ...(review && { reason: review }),
    ...(display && { display }),
    ...(isNormalised && { normalised: true }),
    ...recipient,
    ...{ index: start, length: end - start, raw },
  });
}

function addressReview({ domains }: Scope, judged: GoodAddress): ReviewReason | undefined {
  if (judged.suspicious) return 'mixed-scripts';
  if (/%[0-9a-f]{2}/i.test(judged.localPart)) return 'percent-sign';
  return domains.judge(judged.domain).review;
}

// Only a `mailto:` link may spell its characters as escapes (RFC 6068).
function isInLink({ text, floor, mailtoEnd }: Scope, { start }: Token): boolean {
  if (/mailto:(?:\/\/|\?\w+=)?$/i.test(text.slice(Math.max(floor, start - 24), start))) return true;
  const gap = start - floor;
  return (
    mailtoEnd >= 0 &&
    mailtoEnd === floor &&
    gap < maxContext &&
    !/[\s"'<>]/.test(text.slice(floor, start))
  );
}

const rewritten = /^(?:srs[01][=+-]|(?:ms)?prvs\d?=|btv\d==)/i;
const bounced = /(?:^|[-.+])(?:bounces?|return(?!-path|-to))[-.+][^=]*=/i;

// Rewritten return paths, accounts of directories, and characters that reorder what the eye reads.
function shapeFault(scope: Scope, local: string, written: string): AddressReason | undefined {
  if (rewritten.test(local)) return 'srs';
  if (bounced.test(local)) return 'verp';
  return carriedFault(scope, local) ?? characterFault(written);
}

// A host or another address inside of a local part.
function carriedFault({ domains }: Scope, local: string): AddressReason | undefined {
  if (/(?<!\w)IMCEA[A-Z]*-/i.test(local)) return 'identifier';
  const [, host = '', name = '', carried = ''] =
    /^(?:([^/=]+)\/|([^=/?&]*[+-][^=/?&]*)=)(.*)$/.exec(local) ?? [];
  if (host)
    return [host, carried].some((part) => domains.isReachable(part)) ? 'identifier' : undefined;
  return name && domains.isReachable(carried) ? 'verp' : undefined;
}

function characterFault(written: string): AddressReason | undefined {
  const inner = written.replace(/^\p{Cf}+|\p{Cf}+$/gu, '');
  if (/[\u202A-\u202E\u2066-\u2069]/.test(inner)) return 'bidi-override';
  // Joiners spell another name in several scripts.
  if (/\u200C|\u200D/.test(inner) && !isAscii(resolved(inner))) return 'bad-char';
  return /[\p{L}\p{N}_].*@|^.?@|^[^@]*$/su.test(written) ? undefined : 'bad-char';
}

// What stands behind an address often names its fault better than the judge can.
function namedReason(
  { behind, local }: Context,
  judged: GoodAddress | BadAddress,
  domain: string,
): AddressReason | undefined {
  if (judged.ok) return undefined;
  if (/^[*\u2022\u25CF]/.test(behind) && !local.startsWith('*')) return 'masked';
  if (/^v?\d+\.\d/.test(domain) && judged.reason !== 'ip-literal') return 'identifier';
  if (domain !== '') return judged.reason;
  if (/^\[(?:\d|IPv6:|[0-9a-f:]+\])/i.test(behind)) return 'ip-literal';
  return /^[~^<>=]+\d/.test(behind) ? 'identifier' : judged.reason;
}

function resolved(written: string): string {
  return written.replace(invisible, '').replace(/\\(?=[._-])/g, '');
}

function linked(written: string): string {
  const [local = '', ...rest] = written.replace(/^([^@]*)%40/, '$1@').split('@');
  return [percentDecoded(local), ...rest].join('@');
}

function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    const decoded = decodeURIComponent(text);
    // What would be a separator in the text stays escaped, and is refused with its escape.
    return /[\s/|?{}=&@]/.test(decoded) ? text : decoded;
  } catch {
    return text;
  }
}
