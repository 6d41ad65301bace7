import type { AddressReason, ReviewReason } from '../emails/judge/reasons.ts';
import type { InviteTerms } from '../model/invite-terms.ts';

/** Why a row of a CSV file invites nobody, beyond what its address is; stable, for programs. */
export type CsvRowFault =
  /** The email cell is empty. */
  | 'no-address'
  /** Neither `member` nor `admin`. */
  | 'unknown-role'
  /** Not a whole number from 0 to 2^53 - 1, and not `unlimited`. */
  | 'bad-daily-limit'
  /** As `bad-daily-limit`. */
  | 'bad-monthly-limit'
  /** Not in E.164 form: `+`, the country, the number. */
  | 'bad-phone'
  /** More cells than the header names: a separator inside a cell without quotes. */
  | 'too-many-cells'
  /** A quote that is never closed, or closed in the middle of a cell. */
  | 'broken-quotes';

/** One thing in a CSV file that a person should know. Never holds what the cell says. */
export interface CsvIssue {
  /**
   * What is wrong with a row, why its address deserves a look, `duplicate` for an address that an
   * earlier row has, or `unknown-column` for a column that is not read.
   */
  readonly code: CsvRowFault | AddressReason | ReviewReason | 'duplicate' | 'unknown-column';
  /** As an editor counts them: the first line is 1. */
  readonly line: number;
  /** Position of the cell in its row, from 1; `null` for the row as a whole. */
  readonly column: number | null;
}

/** One row of the file that has something in it, the header excepted. */
export interface InviteeRow extends InviteTerms {
  /** Where the row starts, as an editor counts lines. */
  readonly line: number;
  /** In its normal form, as invitations carry it; `null` when it is no address. */
  readonly address: string | null;
  /** As in an extraction; `review` can be invited, but a person should look first. */
  readonly verdict: 'ok' | 'review' | 'rejected' | 'duplicate';
  /** Present with `rejected` and `review`: the code of its first issue. */
  readonly reason?: CsvIssue['code'];
  /** Present with `duplicate`: the line of the row that counts. */
  readonly duplicateOf?: number;
}

/** What a CSV file of people holds. */
export interface InviteesCsv {
  /** In file order; nothing is dropped silently. */
  readonly rows: readonly InviteeRow[];
  /** In file order. Empty when every row can be invited as it stands. */
  readonly issues: readonly CsvIssue[];
  /** Addresses of the rows with the verdict `ok`: the `addresses` of `inviteMany`. */
  readonly ready: readonly string[];
  /** Addresses of the rows with the verdict `review`; a person should check them first. */
  readonly review: readonly string[];
  /** Terms of the `ready` addresses that have any, for `inviteMany`. */
  readonly perAddress: Readonly<Record<string, InviteTerms>>;
  /** Terms of the `review` addresses that have any, for those that a person confirms. */
  readonly reviewPerAddress: Readonly<Record<string, InviteTerms>>;
}
