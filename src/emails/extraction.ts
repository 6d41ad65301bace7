import type { AddressReason, ReviewReason } from './judge/reasons.ts';

interface Place {
  /** Where `raw` starts in the text, in UTF-16 code units. */
  readonly index: number;
  /** The length of `raw`, in UTF-16 code units. */
  readonly length: number;
  /** What stood in the text. Of a rejected entry it can be a password: never log it. */
  readonly raw: string;
}

interface Recipient extends Place {
  /** As it was spelled, the domain in A-labels; see `judgeAddress`. */
  readonly address: string;
  /** Its normal form: what is stored, mailed and compared. */
  readonly key: string;
  /** As spelled, in NFC. */
  readonly localPart: string;
  /** In lower-case A-label form. */
  readonly domain: string;
  /** The name in `Name <address>`, free of control and invisible characters. */
  readonly display?: string | undefined;
  /** Whether only a mail server with SMTPUTF8 can deliver to it. */
  readonly needsSmtpUtf8: boolean;
  /** Present when full-width, escaped or invisible characters were resolved. */
  readonly normalised?: true | undefined;
}

/** An address to invite, seen for the first time. */
export interface AcceptedEntry extends Recipient {
  /** `review`: can be invited, but a person should look first. */
  readonly verdict: 'ok' | 'review';
  /** Present with `review`. */
  readonly reason?: ReviewReason | undefined;
}

/** An address that an earlier entry already has. */
export interface DuplicateEntry extends Recipient {
  /** Its address is in an earlier entry. */
  readonly verdict: 'duplicate';
  /** The position of the first one in `entries`. */
  readonly duplicateOf: number;
}

/** Something with an at sign that cannot be invited. */
export interface RejectedEntry extends Place {
  /** It cannot be invited. */
  readonly verdict: 'rejected';
  /** Why it cannot be invited. */
  readonly reason: AddressReason;
}

/** One thing found in the text. */
export type ExtractedEntry = AcceptedEntry | DuplicateEntry | RejectedEntry;

/** What a text holds. */
export interface Extraction {
  /** In text order. */
  readonly entries: readonly ExtractedEntry[];
  /** How many entries have each verdict. */
  readonly totals: Readonly<Record<ExtractedEntry['verdict'], number>>;
  /** Whether the text held more than `maxLength` and `maxAddresses` let through. */
  readonly truncated: boolean;
}
