import type { AtSign } from './at-signs.ts';
import { type Context, contextFault } from './context-rules.ts';
import { readDisplayName } from './display-name.ts';
import { trimEdges } from './edges.ts';
import type { AcceptedEntry } from './extraction.ts';
import { judgeText } from './judge/judge-address.ts';
import type { AddressReason, BadAddress, GoodAddress, ReviewReason } from './judge/reasons.ts';
import { isAscii } from './judge/text-forms.ts';
import { readBare } from './read-bare.ts';
import { refuse, type Span, wholeWord } from './refuse.ts';
import { type Scope, type Token, takeToken, unseen, withoutGluedText } from './token.ts';

const maxContext = 80;
const maxInAngle = 320;
// Between at signs, with nothing that could be a name.
const alone = /(?<=(?:^|@)[^\p{L}\p{N}@]?)@(?=[^\p{L}\p{N}@]?(?:@|$))/uy;
const invisible = new RegExp(`[${unseen}]`, 'gu');

/** Reads the token around an at sign into at most one entry. Returns where to read on. */
export function readToken(scope: Scope, sign: AtSign): number {
  alone.lastIndex = sign.at;
  if (alone.test(scope.text)) return sign.at + sign.length;
  const taken = takeToken(scope, sign);
  if (taken.isLong) return refuse(scope, 'too-long', taken);
  const token = withoutGluedText(scope, taken);
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
  const { text, domains } = scope;
  const content = text.slice(span.start, span.end);
  const [, scheme = '', form = content, label = ''] = angleForm.exec(content) ?? [];
  const isLink = /mailto/i.test(scheme);
  const written = content.includes('?') && !isLink ? content : form;
  const judged = judgeText(isLink ? linked(resolved(written)) : resolved(written), domains);
  const isOther = label.includes('@') && label.trim() !== written;
  const reason =
    (isNextId(scope, span) ? 'message-id' : fault) ??
    shapeFault(scope, context.local, written.trim()) ??
    (judged.ok ? undefined : judged.reason) ??
    (isOther ? 'display-name-address' : undefined);
  const display = takeName(scope, span, reason === 'message-id' ? undefined : judged);
  if (reason !== undefined || !judged.ok) {
    return refuse(scope, reason ?? 'bad-char', {
      start: span.end - content.trimStart().length,
      end: span.start + content.trimEnd().length,
    });
  }
  const start = span.start + scheme.length;
  const review = addressReview(scope, judged, isLink);
  accept(scope, { start, end: start + written.length }, { judged, display, review });
  return span.end;
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
  const spelling = text.slice(at, domainStart);
  const isSpelled = spelling.length > 1 && !(isLink && spelling === '%40');
  if (fault || isSpelled) {
    const reason = fault ?? 'entity-encoded';
    return refuse(scope, reason, wholeWord(scope, token, reason));
  }
  const { before, lead, local, behind } = context;
  const domain = text.slice(domainStart, end);
  const window = { start: before.length, at: lead.length, end: lead.length + 1 + domain.length };
  const edges = trimEdges({ text: `${lead}@${domain}${behind}`, ...window });
  const span = {
    start: token.start + edges.start - before.length,
    end: end - window.end + edges.end,
  };
  const written = text.slice(span.start, at);
  const spelled = resolved(isLink ? percentDecoded(written) : written);
  const judged = judgeText(`${spelled}@${resolved(text.slice(domainStart, span.end))}`, domains);
  const reason =
    shapeFault(scope, local, text.slice(span.start, span.end)) ??
    edges.fault ??
    (judged.ok ? undefined : namedReason(context, judged.reason, domain));
  if (reason !== undefined || !judged.ok) {
    return refuse(scope, reason ?? 'bad-char', wholeWord(scope, token, reason ?? 'bad-char'));
  }
  const escaped = isLink && edges.review === 'percent-sign' ? undefined : edges.review;
  const linked = isLink && /^[%?&]/.test(behind) && escaped === 'glued' ? undefined : escaped;
  const sign = /^[-+\uFF0B\uFF0D]/.test(written) ? 'leading-sign' : undefined;
  const review = linked ?? sign ?? addressReview(scope, judged, isLink);
  if (isLink) scope.mailtoEnd = span.end;
  accept(scope, span, { judged, review, display: spacedName(scope, span) });
  return span.end;
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
    : /[\p{Cf}\uFE00-\uFE0F\uFF01-\uFF5E\uFE6B\u3002\uFF61\\%]/u.test(raw);
  ledger.accept({
    verdict: review ? 'review' : 'ok',
    ...(review && { reason: review }),
    ...(display && { display }),
    ...(isNormalised && { normalised: true }),
    ...recipient,
    ...{ index: start, length: end - start, raw },
  });
}

function addressReview(
  { domains }: Scope,
  judged: GoodAddress,
  isLink: boolean,
): ReviewReason | undefined {
  if (judged.suspicious) return 'mixed-scripts';
  if (!isLink && /%[0-9a-f]{2}/i.test(judged.localPart)) return 'percent-sign';
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
function shapeFault({ domains }: Scope, local: string, written: string): AddressReason | undefined {
  if (rewritten.test(local)) return 'srs';
  if (bounced.test(local)) return 'verp';
  const [, host = '', name = '', carried = ''] =
    /^(?:([^/=]+)\/|([^=/?&]*[+-][^=/?&]*)=)(.*)$/.exec(local) ?? [];
  if (host && (domains.isReachable(host) || domains.isReachable(carried))) return 'identifier';
  if (name && !/^-|(?:path|id|to)$/i.test(name) && domains.isReachable(carried)) return 'verp';
  if (/^IMCEA[A-Z]*-/i.test(local)) return 'identifier';
  const inner = written.replace(/^\p{Cf}+|\p{Cf}+$/gu, '');
  if (/[\u202A-\u202E\u2066-\u2069]/.test(inner)) return 'bidi-override';
  // Joiners spell another name in several scripts.
  if (/[\u200C\u200D]/.test(inner) && !isAscii(resolved(inner))) return 'bad-char';
  return /[\p{L}\p{N}_].*@|^.?@|^[^@]*$/su.test(written) ? undefined : 'bad-char';
}

function namedReason(
  { behind, local }: Context,
  reason: AddressReason,
  domain: string,
): AddressReason {
  if (/^[*\u2022\u25CF]/.test(behind) && !local.startsWith('*')) return 'masked';
  if (/^v?\d+\.\d/.test(domain) && reason !== 'ip-literal') return 'identifier';
  if (domain !== '') return reason;
  if (/^\[(?:\d|IPv6:|[0-9a-f:]+\])/i.test(behind)) return 'ip-literal';
  return /^[~^<>=]+\d/.test(behind) ? 'identifier' : reason;
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
