/** Why something cannot be invited; stable, for programs and translations. */
export type AddressReason =
  // The shape of the address.
  | 'no-domain'
  | 'no-tld'
  | 'unknown-tld'
  | 'numeric-tld'
  | 'ip-literal'
  | 'bad-label'
  | 'label-too-long'
  | 'local-too-long'
  | 'too-long'
  | 'leading-dot'
  | 'trailing-dot'
  | 'double-dot'
  | 'double-at'
  | 'quoted-local'
  | 'bad-char'
  | 'masked'
  | 'space-around-at'
  | 'bidi-override'
  // What it is instead, which only the text around it shows.
  | 'userinfo-url'
  | 'scp-path'
  | 'handle'
  | 'message-id'
  | 'identifier'
  | 'display-name-address'
  | 'srs'
  | 'verp'
  | 'entity-encoded';

/** Why an address that can be invited deserves a look first. */
export type ReviewReason =
  /** Something other than plain punctuation stands directly beside it, or was dropped. */
  | 'glued'
  /** Cut out of text in a script without spaces, at the change to ASCII. */
  | 'script-change'
  /** `clip@1080p.mov`: the name of a file as likely as an address. */
  | 'file-name'
  /** Letters of another script that look like ASCII, or two foreign scripts at once. */
  | 'mixed-scripts'
  /** Starts with `-` or `+`, which may be a bullet. */
  | 'leading-sign'
  /** Holds `%` and two hexadecimal digits, which may be an escape. */
  | 'percent-sign';

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
