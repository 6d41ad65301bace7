import type { ErrorCode } from './catalog.ts';

/** One thing that is wrong with an input or an option. */
export interface InputIssue {
  /** Where, such as `limit.daily`; empty for the whole. */
  readonly path: string;
  /** What is wrong; never the value itself. */
  readonly message: string;
}

/** A table that is not as this package creates it. */
export interface MismatchedTable {
  /** The table's name, with its prefix. */
  readonly name: string;
  /**
   * What it lacks: columns with their type, CHECKs, unique keys and indexes, such as
   * `column oum_usage.cap bigint`, `check oum_usage_within_cap` or `unique oum_usage (org_id, counter)`; a
   * default of a column that was added, `default oum_usage.tenant`; on MariaDB `engine oum_usage innodb`, and
   * on PostgreSQL `row level security oum_usage off`.
   */
  readonly lacks: readonly string[];
}

/** The structured fields that some codes carry; the others carry none. */
interface DetailsByCode {
  invalid_options: { readonly issues: readonly InputIssue[] };
  invalid_input: { readonly issues: readonly InputIssue[] };
  /** What stood in the place of a longer body, where that is known. */
  body_already_read: { readonly arrived?: 'empty_object' };
  /** The expected address, masked as in `a•••@example.com`. */
  wrong_account: { readonly expectedAddress: string };
  /** When the invitation may be sent again, ISO 8601. */
  resend_too_soon: { readonly retryAt: string };
  /** What the database has, compared with this version of the package. */
  schema_outdated: { readonly found: 'absent' | 'older' | 'newer' };
  schema_mismatch: { readonly tables: readonly MismatchedTable[] };
  /** A setting of the database, the session or its driver, by the database's own name. */
  unsupported_setting: {
    readonly setting: string;
    readonly found: string;
    /** The values that are supported, in words. */
    readonly needed: string;
  };
  /** `false`: the call has certainly changed nothing. Absent: nobody knows. */
  unavailable: { readonly done?: false };
  /** Likewise: whether the charge may have counted. */
  usage_unavailable: { readonly done?: false };
  /** By how many milliseconds the clock is ahead of the counters'; below 0 when it is behind. */
  clock_skewed: { readonly aheadMs: number };
  /** `ended`: the transaction of the application, such as by a deadlock or by DDL. Nothing was written. */
  conflict: { readonly transaction?: 'ended' };
  member_limit_reached: { readonly limit: number };
  pending_limit_reached: { readonly limit: number };
}

/** The structured fields of an error with code `C`. */
export type ErrorDetails<C extends ErrorCode> = C extends keyof DetailsByCode
  ? DetailsByCode[C]
  : Readonly<Record<never, never>>;
