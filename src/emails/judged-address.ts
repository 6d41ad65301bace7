import type { AddressReason } from './address-reason.ts';

/** An address that can be invited, in its normal form. */
export interface GoodAddress {
  /** It can be invited. */
  readonly ok: true;
  /** As it was spelled: the local part, `@`, the A-label domain. */
  readonly address: string;
  /** What is stored, mailed and compared: `address` with its local part in lower case. */
  readonly key: string;
  /** As spelled, in NFC. */
  readonly localPart: string;
  /** In lower-case A-label form. */
  readonly domain: string;
  /** Whether only a mail server with SMTPUTF8 (RFC 6531) can deliver to it. */
  readonly needsSmtpUtf8: boolean;
  /** Present when letters are mixed the way spoofed addresses mix them. */
  readonly suspicious?: boolean;
}

/** Something that cannot be invited, and why. */
export interface BadAddress {
  /** It cannot be invited. */
  readonly ok: false;
  /** Why it cannot be invited. */
  readonly reason: AddressReason;
}
