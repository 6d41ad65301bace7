import type { AddressReason } from './address-reason.ts';
import type { Domains } from './domains.ts';

/** The text being read and what earlier at signs have taken of it. */
export interface Scope {
  readonly text: string;
  readonly domains: Domains;
  /** Where the last finding ended; nothing looks behind it. */
  floor: number;
  /** Where the last finding that belongs to a `mailto:` link ended. */
  mailtoEnd: number;
  /** Where the last message id ended. */
  messageIdEnd: number;
}

/** An at sign with the runs of address characters on both sides. */
export interface Candidate {
  /** Where the local-part run starts. */
  readonly start: number;
  readonly at: number;
  /** Where the domain run starts. */
  readonly domainStart: number;
  /** Where the domain run ends, or the last one when several at signs are chained. */
  readonly end: number;
  /** Whether a further at sign directly follows the domain run. */
  readonly chained: boolean;
}

/** A part of the text that cannot be invited. */
export interface Rejection {
  readonly reason: AddressReason;
  readonly start: number;
  readonly end: number;
}
