import { ownFields } from '../access/own-fields.ts';
import type { AddressReason } from './address-reason.ts';
import { foldWidth, isAscii, lowerCased } from './ascii.ts';
import { composed } from './composed.ts';
import { Domains } from './domains.ts';
import type { BadAddress, GoodAddress } from './judged-address.ts';
import { localPartFault, octets } from './local-part-fault.ts';
import { mixesScripts } from './suspicious-scripts.ts';
import { knownTlds, type Tlds } from './tlds.ts';

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
 * parts, comments and address literals are legal mail but nobody's invitation. Nothing is trimmed:
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

/** The same for many texts, whose domains are judged once each. */
export function judgeText(input: string, domains: Domains): GoodAddress | BadAddress {
  const folded = isAscii(input) ? input : foldWidth(input.replaceAll('\uFE6B', '@'));
  const at = folded.lastIndexOf('@');
  const localPart = folded.slice(0, Math.max(at, 0));
  const domain = folded.slice(at + 1);
  const reason = shapeFault(folded, localPart, domain);
  return reason ? { ok: false, reason } : judgeSplit(folded, at, domains);
}

function shapeFault(text: string, localPart: string, domain: string): AddressReason | undefined {
  if (text.startsWith('"')) return 'quoted-local';
  if (domain.length === text.length) return 'no-domain';
  if (localPart.includes('@')) return 'double-at';
  if (/\s$/.test(localPart) || /^\s/.test(domain)) return 'space-around-at';
  return domain.startsWith('[') ? 'ip-literal' : undefined;
}

/** Judges a text whose only `@` is known to be at `at`; see `judgeAddress`. */
export function judgeSplit(text: string, at: number, domains: Domains): GoodAddress | BadAddress {
  const written = text.slice(0, at);
  const localPart = isAscii(written) ? written : composed(foldWidth(written));
  const { ascii, fault, review } = domains.judge(text.slice(at + 1));
  const reason = localPartFault(localPart) ?? fault;
  if (reason) return { ok: false, reason };
  const address = `${localPart}@${ascii}`;
  const needsSmtpUtf8 = !isAscii(localPart);
  const length = needsSmtpUtf8 ? octets(address) : address.length;
  if (length > maxAddress) return { ok: false, reason: 'too-long' };
  const lower = lowerCased(localPart);
  const key = lower === localPart ? address : `${lower.normalize('NFC')}@${ascii}`;
  const judged = { ok: true, address, key, localPart, domain: ascii, needsSmtpUtf8 } as const;
  const isSuspicious = review === 'mixed-scripts' || (needsSmtpUtf8 && mixesScripts(localPart));
  return isSuspicious ? { ...judged, suspicious: true } : judged;
}

/**
 * Hides the local part but for its first character: `a•••@example.com`. For telling a person which
 * address was meant without telling a stranger.
 */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const [first = ''] = address.slice(0, Math.max(at, 0));
  return `${first}•••${at < 0 ? '' : address.slice(at)}`;
}
