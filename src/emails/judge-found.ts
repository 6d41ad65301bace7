import type { AddressReason, ReviewReason } from './address-reason.ts';
import { isAscii } from './ascii.ts';
import type { Candidate, Rejection, Scope } from './candidate.ts';
import { readDisplayName } from './display-name.ts';
import type { BadAddress, GoodAddress } from './judged-address.ts';
import type { FoundAddress, Ledger } from './ledger.ts';
import { judgeSplit } from './normalize-address.ts';
import { isMailto } from './preceding-label.ts';
import { withoutInvisible } from './read-candidate.ts';
import { settleDomain } from './settle-domain.ts';

/** A candidate whose front is clean. */
export interface CleanCandidate {
  readonly candidate: Candidate;
  /** Where the cleaned local part starts. */
  readonly start: number;
  readonly review: ReviewReason | undefined;
}

const foldable = /[\p{Cf}\uFF01-\uFF5E\uFE6B\u3002\uFF61]/u;
// Delegated TLDs that are also what file names end in.
const fileTlds = new Set('ai app bz cc mov md ml pl ps py rs sh so st zip'.split(' '));

/** Settles the domain, asks the judge and reads the display name. */
export function judgeFound(
  scope: Scope,
  ledger: Ledger,
  found: CleanCandidate,
): FoundAddress | Rejection {
  const { text, known } = scope;
  const { candidate, start } = found;
  const { end, cut } = settleDomain(scope, candidate);
  const isLink = isInMailto(scope, start, candidate);
  if (isLink) scope.mailtoEnd = end;
  const raw = text.slice(start, end);
  const at = candidate.at - start;
  const spelling = isLink || !isAscii(raw) ? resolve(raw, at, isLink) : { address: raw, at };
  const fault = spelling.fault ?? tailFault(text, found);
  const judged = fault
    ? ({ ok: false, reason: fault } as const)
    : judgeSplit(spelling.address, spelling.at, known);
  const display = takeDisplayName(scope, ledger, { start, judged, isLink });
  if (!judged.ok) {
    return { reason: namedReason(text, found, judged.reason), start, end: candidate.end };
  }
  const review = found.review ?? (cut ? 'script-change' : reviewReason(judged));
  return { judged, start, end, review, display, normalised: spelling.normalised };
}

/** An address as the judge is to see it. */
interface Spelling {
  readonly address: string;
  /** Where its `@` is. */
  readonly at: number;
  readonly fault?: AddressReason | undefined;
  readonly normalised?: true | undefined;
}

function resolve(raw: string, at: number, isLink: boolean): Spelling {
  const [written, domain] = [raw.slice(0, at), raw.slice(at + 1)];
  const local = withoutInvisible(isLink ? percentDecoded(written) : written);
  const isNormalised = local.normalize('NFC') !== written.normalize('NFC') || foldable.test(raw);
  return {
    address: `${local}@${withoutInvisible(domain)}`,
    at: local.length,
    fault: invisibleFault(written) ?? invisibleFault(domain),
    normalised: isNormalised ? true : undefined,
  };
}

// At the ends they are debris of copying. Inside, overrides reorder what the eye reads, and joiners
// (U+200C, U+200D) spell another name in several scripts.
function invisibleFault(part: string): AddressReason | undefined {
  const inner = part.replace(/^\p{Cf}+|\p{Cf}+$/gu, '');
  if (/[\u202A-\u202E\u2066-\u2069]/.test(inner)) return 'bidi-override';
  const joined = /[\u200C\u200D]/.test(inner) && !isAscii(withoutInvisible(inner));
  return joined ? 'bad-char' : undefined;
}

// A hyphen as word processors write it joins; what stands before it is only a piece.
function tailFault(text: string, { candidate, start }: CleanCandidate): AddressReason | undefined {
  const code = text.charCodeAt(candidate.end);
  if (code !== 0x2a && !(code > 127)) return undefined;
  const tail = text.slice(candidate.end, candidate.end + 3);
  if (/^[\u2010\u2011\u2212][\p{L}\p{N}]/u.test(tail)) return 'bad-label';
  // `a@example.co***`: what shows of it is no domain. Paired stars are emphasis.
  const isMasked = /^[*\u2022\u25CF]{2}/.test(tail) && text.charAt(start - 1) !== '*';
  return isMasked ? 'masked' : undefined;
}

// What the characters around the domain tell better than the judge, who sees only the domain.
function namedReason(
  text: string,
  { candidate, start }: CleanCandidate,
  reason: AddressReason,
): AddressReason {
  const { domainStart, end } = candidate;
  const tail = text.slice(end, end + 48);
  if (/^[*\u2022\u25CF]/.test(tail)) return 'masked';
  if (domainStart < end) {
    const isVersion = /^v?\d+\.\d/.test(text.slice(domainStart, end)) && reason !== 'ip-literal';
    return isVersion ? 'identifier' : reason;
  }
  if (/^\[(?:\d|IPv6:|[0-9a-f:]+\])/i.test(tail)) return 'ip-literal';
  return /^[~^<>=]+\d/.test(tail) && start < candidate.at ? 'identifier' : reason;
}

// RFC 6068: only inside such a link is `%2B` a plus.
function isInMailto(scope: Scope, start: number, candidate: Candidate): boolean {
  const { text, floor, mailtoEnd } = scope;
  if (isMailto(text, candidate.start, floor)) return true;
  return mailtoEnd === floor && !/[\s"<>]/.test(text.slice(floor, start));
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

interface Addressee {
  readonly start: number;
  readonly judged: GoodAddress | BadAddress;
  readonly isLink: boolean;
}

// The angle address is the recipient: another address in its display name is a disguise.
function takeDisplayName(scope: Scope, ledger: Ledger, addressee: Addressee): string | undefined {
  const { text, floor } = scope;
  const { start, judged, isLink } = addressee;
  const angle = (isLink ? start - 'mailto:'.length : start) - 1;
  if (text.charCodeAt(angle) !== 0x3c) return undefined;
  const display = readDisplayName(text, angle, floor);
  const isAdjacent = floor > 0 && angle >= floor && /^[ \u00A0"']*$/.test(text.slice(floor, angle));
  const from = isAdjacent ? Math.min(display.start, floor - 1) : display.start;
  ledger.rejectFrom(from, judged.ok ? judged.key : '');
  return display.name || undefined;
}

function reviewReason(judged: GoodAddress): ReviewReason | undefined {
  if (judged.suspicious) return 'mixed-scripts';
  const { domain } = judged;
  const dot = domain.lastIndexOf('.');
  const label = domain.lastIndexOf('.', dot - 1) + 1;
  const isNumbered = domain.charCodeAt(label) < 58;
  return isNumbered && fileTlds.has(domain.slice(dot + 1)) ? 'file-name' : undefined;
}
