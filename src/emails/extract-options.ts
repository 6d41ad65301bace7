import type { Tlds } from './tlds.ts';

/** Options of `extractEmails`. */
export interface ExtractOptions {
  /** The top-level domains to accept. Default `'iana'`. */
  readonly tlds?: Tlds;
  /** How much of the text is read, in UTF-16 code units. Default 1,048,576. */
  readonly maxLength?: number;
  /**
   * How many different addresses are accepted before reading stops; entries of every verdict
   * together stop it at ten times as many. Default 1,000.
   */
  readonly maxAddresses?: number;
}
