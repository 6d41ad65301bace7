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
  // What it is instead, which only the text around it tells.
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
