import type { AddressReason } from './address-reason.ts';
import type { KnownTlds } from './tlds.ts';

const maxDomain = 253;
const maxLabel = 63;
const dot = 46;
const hyphen = 45;

// Nearly every domain; what follows is for telling what is wrong with the others.
const ordinary = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const ipAddress = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const numericLabel = /(?:^|\.)\d+$/;

/** What is wrong with a domain in lower-case A-label form; nothing when mail can go there. */
export function domainFault(domain: string, known: KnownTlds): AddressReason | undefined {
  if (isOrdinary(domain, known)) return undefined;
  return domain === '' ? 'no-domain' : faultOf(domain, known);
}

function faultOf(domain: string, known: KnownTlds): AddressReason | undefined {
  let labelStart = 0;
  let labels = 0;
  for (let index = 0; index <= domain.length; index++) {
    const code = index === domain.length ? dot : domain.charCodeAt(index);
    if (code === dot) {
      const fault = labelFault(domain, labelStart, index);
      if (fault) return fault;
      labels++;
      labelStart = index + 1;
    } else if (!isLdh(code)) return 'bad-label';
  }
  if (domain.length > maxDomain) return 'too-long';
  return tldFault(domain, labels, known);
}

function isOrdinary(domain: string, known: KnownTlds): boolean {
  if (domain.length > maxDomain || !ordinary.test(domain)) return false;
  return known.has(domain.slice(domain.lastIndexOf('.') + 1));
}

function labelFault(domain: string, start: number, end: number): AddressReason | undefined {
  if (start === end) {
    if (start === 0) return 'leading-dot';
    return end === domain.length ? 'trailing-dot' : 'double-dot';
  }
  if (domain.charCodeAt(start) === hyphen || domain.charCodeAt(end - 1) === hyphen) {
    return 'bad-label';
  }
  return end - start > maxLabel ? 'label-too-long' : undefined;
}

function tldFault(domain: string, labels: number, known: KnownTlds): AddressReason | undefined {
  if (labels > 1 && known.has(domain.slice(domain.lastIndexOf('.') + 1))) return undefined;
  if (ipAddress.test(domain)) return 'ip-literal';
  if (labels === 1) return 'no-tld';
  return numericLabel.test(domain) ? 'numeric-tld' : 'unknown-tld';
}

// Letters, digits, hyphen (RFC 1123), lower case.
function isLdh(code: number): boolean {
  return (code > 96 && code < 123) || (code > 47 && code < 58) || code === hyphen;
}
