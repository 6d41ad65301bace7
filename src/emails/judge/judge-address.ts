import validator from 'email-validator';
import { ownFields } from '../../access/own-fields.ts';
import { Domains } from './domains.ts';
import { localPartFault, mixesScripts, octets } from './local-part.ts';
import type { AddressReason, BadAddress, GoodAddress } from './reasons.ts';
import { composed, foldWidth, isAscii, lowerCased } from './text-forms.ts';
import { knownTlds, type Tlds } from './tlds.ts';

/** Far beyond the 254 octets of an address in any form, with the blanks that came with it. */
export const maxInput = 1_024;

// RFC 5321 allows a path of 256 octets, of which the angle brackets take two.
const maxAddress = 254;

/** Options of `judgeAddress`. */
export interface JudgeOptions {
  /** The top-level domains to accept. Default `'iana'`. */
  readonly tlds?: Tlds;
}

/**
 * Decides whether a text is one address that can be invited, and gives its normal form.
 *
 * The single judge of this package: forms, the API and pasted blocks agree because all ask here.
 * Accepted are dot-atoms (RFC 5321, RFC 6531) at a domain of two labels or more; quoted local
 * parts, comments and address literals are legal mail but not invited. Nothing is trimmed:
 * a space or an invisible character anywhere is refused. Full-width ASCII is folded.
 *
 * @throws {OrgUserManagerError} `invalid_options` when `tlds` is a string other than its two names.
 * @example
 * const judged = judgeAddress('Alice@Example.COM');
 * // { ok: true, address: 'Alice@example.com', key: 'alice@example.com', … }
 */
export function judgeAddress(input: string, options: JudgeOptions = {}): GoodAddress | BadAddress {
  return judgeText(input, new Domains(knownTlds(ownFields(options, ['tlds']).tlds)));
}

/** Judges one of many texts, whose domains are judged once each. */
export function judgeText(input: string, domains: Domains): GoodAddress | BadAddress {
  if (input.length > maxInput) return { ok: false, reason: 'too-long' };
  const folded = isAscii(input) ? input : foldWidth(input.replaceAll('\uFE6B', '@'));
  const at = folded.lastIndexOf('@');
  const written = folded.slice(0, Math.max(at, 0));
  const domain = folded.slice(at + 1);
  const shape = shapeFault(folded, written, domain);
  if (shape) return { ok: false, reason: shape };
  const localPart = composed(written);
  const { ascii, fault, review } = domains.judge(domain);
  const address = `${localPart}@${ascii}`;
  const reason = localPartFault(localPart) ?? fault ?? lastFault(address);
  if (reason) return { ok: false, reason };
  const lower = lowerCased(localPart);
  const key = lower === localPart ? address : `${lower.normalize('NFC')}@${ascii}`;
  const needsSmtpUtf8 = !isAscii(localPart);
  const judged = { ok: true, address, key, localPart, domain: ascii, needsSmtpUtf8 } as const;
  const isSuspicious = review === 'mixed-scripts' || mixesScripts(localPart);
  return isSuspicious ? { ...judged, suspicious: true } : judged;
}

function shapeFault(text: string, localPart: string, domain: string): AddressReason | undefined {
  if (text.startsWith('"')) return 'quoted-local';
  if (domain.length === text.length) return 'no-domain';
  if (localPart.includes('@')) return 'double-at';
  if (/\s$/.test(localPart) || /^\s/.test(domain)) return 'space-around-at';
  return domain.startsWith('[') ? 'ip-literal' : undefined;
}

// The second opinion knows neither letters beyond ASCII nor `xn--` at the end of a domain.
function lastFault(address: string): AddressReason | undefined {
  if (octets(address) > maxAddress) return 'too-long';
  const isAsked = isAscii(address) && !/\.xn--[^.]*$/.test(address);
  return isAsked && !validator.validate(address) ? 'bad-char' : undefined;
}

/**
 * Hides the local part but for its first character: `a•••@example.com`. Shows a person which
 * address was meant, and hides it from a stranger.
 */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const [first = ''] = address.slice(0, Math.max(at, 0));
  return `${first}•••${at < 0 ? '' : address.slice(at)}`;
}
