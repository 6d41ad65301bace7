import type { AddressReason, ReviewReason } from './address-reason.ts';
import { isAscii } from './ascii.ts';
import { domainFault } from './domain-fault.ts';
import { toAsciiDomain, toUnicodeDomain } from './idna.ts';
import { mixesScripts } from './suspicious-scripts.ts';
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

function reviewReason(ascii: string, unicode: string): ReviewReason | undefined {
  if (!isAscii(unicode) && unicode.split('.').some(mixesScripts)) return 'mixed-scripts';
  const dot = ascii.lastIndexOf('.');
  const label = ascii.lastIndexOf('.', dot - 1) + 1;
  const isNumbered = ascii.charCodeAt(label) < 58;
  return isNumbered && fileTlds.has(ascii.slice(dot + 1)) ? 'file-name' : undefined;
}
