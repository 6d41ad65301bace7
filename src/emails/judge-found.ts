import type { AddressReason, ReviewReason } from './address-reason.ts';
import { isAscii } from './ascii.ts';
import type { Candidate, Rejection, Scope } from './candidate.ts';
import { composed } from './composed.ts';
import type { Domains } from './domains.ts';
import type { AcceptedEntry } from './extraction.ts';
import type { BadAddress, GoodAddress } from './judged-address.ts';
import type { Ledger } from './ledger.ts';
import { judgeSplit } from './normalize-address.ts';
import { isInMailto } from './preceding-label.ts';
import { withoutInvisible } from './read-candidate.ts';
import { settleDomain } from './settle-domain.ts';
import { tailFault } from './tail-fault.ts';
import { takeDisplayName } from './take-display-name.ts';

/** A candidate whose front is clean. */
export interface CleanCandidate {
  readonly candidate: Candidate;
  /** Where the cleaned local part starts. */
  readonly start: number;
  readonly review: ReviewReason | undefined;
}

const foldable = /[\p{Cf}\uFF01-\uFF5E\uFE6B\u3002\uFF61]/u;

/** Settles the domain, asks the judge and reads the display name. */
export function judgeFound(
  scope: Scope,
  ledger: Ledger,
  found: CleanCandidate,
): AcceptedEntry | Rejection {
  const { text, domains } = scope;
  const { candidate, start } = found;
  const { end, cut } = settleDomain(scope, candidate);
  const isLink = isInMailto(scope, candidate.start);
  if (isLink) scope.mailtoEnd = end;
  const raw = text.slice(start, end);
  const parts = {
    written: text.slice(start, candidate.at),
    domain: text.slice(candidate.domainStart, end),
    isLink,
  };
  const spelling =
    isLink || !isAscii(raw) ? resolve(raw, parts) : { address: raw, at: candidate.at - start };
  const fault = spelling.fault ?? tailFault(scope, found.candidate, start);
  const judged = fault
    ? ({ ok: false, reason: fault } as const)
    : judgeSplit(spelling.address, spelling.at, domains);
  const display = takeDisplayName(scope, ledger, {
    start: isLink ? start - 'mailto:'.length : start,
    key: keyOf(judged),
    isEmpty: parts.domain === '',
  });
  if (!judged.ok) {
    return { reason: namedReason(text, found, judged.reason), start, end: candidate.end };
  }
  const review = found.review ?? (cut ? 'script-change' : reviewReason(judged, domains));
  const { address, key, localPart, domain, needsSmtpUtf8 } = judged;
  return {
    verdict: review ? 'review' : 'ok',
    ...present({ reason: review, display, normalised: spelling.normalised }),
    address,
    key,
    localPart,
    domain,
    needsSmtpUtf8,
    index: start,
    length: end - start,
    raw,
  };
}

type Optional = Pick<AcceptedEntry, 'reason' | 'display' | 'normalised'>;

// What an address has not, its entry has no key for.
function present({ reason, display, normalised }: Optional): Optional {
  return {
    ...(reason && { reason }),
    ...(display && { display }),
    ...(normalised && { normalised }),
  };
}

/** An address as the judge is to see it. */
interface Spelling {
  readonly address: string;
  /** Where its `@` is. */
  readonly at: number;
  readonly fault?: AddressReason | undefined;
  readonly normalised?: true | undefined;
}

interface Parts {
  readonly written: string;
  readonly domain: string;
  readonly isLink: boolean;
}

function resolve(raw: string, { written, domain, isLink }: Parts): Spelling {
  const local = withoutInvisible(isLink ? percentDecoded(written) : written);
  const isNormalised = composed(local) !== composed(written) || foldable.test(raw);
  return {
    address: `${local}@${withoutInvisible(domain)}`,
    at: local.length,
    fault:
      invisibleFault(written.replace(/^\p{Cf}+/u, '')) ??
      invisibleFault(domain.replace(/\p{Cf}+$/u, '')),
    normalised: isNormalised ? true : undefined,
  };
}

// Around an address they are debris of copying. Inside, overrides reorder what the eye reads, and
// joiners (U+200C, U+200D) spell another name in several scripts.
function invisibleFault(inner: string): AddressReason | undefined {
  if (/[\u202A-\u202E\u2066-\u2069]/.test(inner)) return 'bidi-override';
  const joined = /[\u200C\u200D]/.test(inner) && !isAscii(withoutInvisible(inner));
  return joined ? 'bad-char' : undefined;
}

// What the characters around the domain tell better than the judge, who sees only the domain.
function namedReason(
  text: string,
  { candidate, start }: CleanCandidate,
  reason: AddressReason,
): AddressReason {
  const { domainStart, end } = candidate;
  const tail = text.slice(end, end + 48);
  // `**@ana**`: emphasis of the name of an account.
  const isBold = domainStart < end && text.charAt(start - 1) === '*' && /^\*+(?![\w.*])/.test(tail);
  if (/^[*\u2022\u25CF]/.test(tail) && !isBold) return 'masked';
  if (domainStart < end) {
    const isVersion = /^v?\d+\.\d/.test(text.slice(domainStart, end)) && reason !== 'ip-literal';
    return isVersion ? 'identifier' : reason;
  }
  if (/^\[(?:\d|IPv6:|[0-9a-f:]+\])/i.test(tail)) return 'ip-literal';
  return /^[~^<>=]+\d/.test(tail) && start < candidate.at ? 'identifier' : reason;
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

function keyOf(judged: GoodAddress | BadAddress): string {
  return judged.ok ? judged.key : '';
}

function reviewReason(judged: GoodAddress, domains: Domains): ReviewReason | undefined {
  if (judged.suspicious) return 'mixed-scripts';
  if (/%[0-9a-f]{2}/i.test(judged.localPart)) return 'percent-sign';
  return domains.judge(judged.domain).review;
}
