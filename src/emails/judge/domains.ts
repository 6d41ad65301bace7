import { toAsciiDomain, toUnicodeDomain } from './idna.ts';
import { mixesScripts } from './local-part.ts';
import type { AddressReason, ReviewReason } from './reasons.ts';
import { isAscii } from './text-forms.ts';
import type { KnownTlds } from './tlds.ts';

/** What is known of a domain. */
export interface JudgedDomain {
  /** In lower-case A-label form; as it was given when it has none. */
  readonly ascii: string;
  /** What is wrong with it; nothing when mail can go there. */
  readonly fault: AddressReason | undefined;
  /** Why a person should look at it first. */
  readonly review: ReviewReason | undefined;
}

const maxDomain = 253;
const maxLabel = 63;
// Letters, digits, hyphen (RFC 1123), lower case.
const ldh = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
// Delegated TLDs that are also what file names end in.
const fileTlds = new Set('ai app bz cc mov md ml pl ps py rs sh so st zip'.split(' '));

/** Judges domains, each different one once: IDNA costs more than everything else together. */
export class Domains {
  private readonly known: KnownTlds;
  private readonly judged = new Map<string, JudgedDomain>();

  constructor(known: KnownTlds) {
    this.known = known;
  }

  /** Judges a domain in any spelling. */
  judge(domain: string): JudgedDomain {
    let judged = this.judged.get(domain);
    if (!judged) {
      judged = judgeDomain(domain, this.known);
      this.judged.set(domain, judged);
    }
    return judged;
  }

  /** Whether mail can go to a domain. */
  isReachable(domain: string): boolean {
    return this.judge(domain).fault === undefined;
  }

  /** Whether a label, in any spelling, may end a domain. */
  hasTld(label: string): boolean {
    return this.known.has(isAscii(label) ? label.toLowerCase() : this.judge(label).ascii);
  }
}

function judgeDomain(domain: string, known: KnownTlds): JudgedDomain {
  const ascii = toAsciiDomain(domain);
  if (ascii === undefined) return { ascii: domain, fault: 'bad-label', review: undefined };
  const fault = domainFault(ascii, known);
  const unicode = ascii.includes('xn--') && fault === undefined ? toUnicodeDomain(ascii) : ascii;
  if (unicode === undefined) return { ascii, fault: 'bad-label', review: undefined };
  return { ascii, fault, review: reviewReason(ascii, unicode) };
}

function domainFault(domain: string, known: KnownTlds): AddressReason | undefined {
  if (domain === '') return 'no-domain';
  const labels = domain.split('.');
  if (labels[0] === '') return 'leading-dot';
  const empty = labels.indexOf('');
  if (empty > 0) return empty < labels.length - 1 ? 'double-dot' : 'trailing-dot';
  if (!labels.every((label) => ldh.test(label))) return 'bad-label';
  if (labels.some((label) => label.length > maxLabel)) return 'label-too-long';
  return domain.length > maxDomain ? 'too-long' : tldFault(domain, labels, known);
}

function tldFault(
  domain: string,
  labels: readonly string[],
  known: KnownTlds,
): AddressReason | undefined {
  const tld = labels.at(-1) ?? '';
  if (labels.length > 1 && known.has(tld)) return undefined;
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(domain)) return 'ip-literal';
  if (labels.length === 1) return 'no-tld';
  return /^\d+$/.test(tld) ? 'numeric-tld' : 'unknown-tld';
}

function reviewReason(ascii: string, unicode: string): ReviewReason | undefined {
  if (unicode.split('.').some(mixesScripts)) return 'mixed-scripts';
  const [label = '', tld = ''] = ascii.split('.').slice(-2);
  return /^\d/.test(label) && fileTlds.has(tld) ? 'file-name' : undefined;
}
