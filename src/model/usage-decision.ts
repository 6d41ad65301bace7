/** The windows that a charge counts in. The names are stable: they stand in headers and bodies. */
export type PolicyName = 'user-day' | 'user-month' | 'org-day' | 'org-month';

/** One window after, or at the refusal of, a charge. */
export interface WindowUsage {
  /** Scope and window in one stable name. */
  readonly policy: PolicyName;
  /** Whose counter it is. */
  readonly scope: 'user' | 'organization';
  /** A calendar day or month of the time zone. */
  readonly window: 'day' | 'month';
  /** `null` = no limit. */
  readonly limit: number | null;
  /** Units charged in this window. */
  readonly used: number;
  /** `null` = no limit. */
  readonly remaining: number | null;
  /** First instant of the window. */
  readonly startsAt: Date;
  /** First instant of the next window. */
  readonly resetsAt: Date;
}

/** The charge was made. */
export interface UsageAllowed {
  /** The charge was made. */
  readonly allowed: true;
  /** The units that were charged. */
  readonly cost: number;
  /** The organization's IANA time zone. */
  readonly timeZone: string;
  /** Every window that was charged, as it stands now. */
  readonly windows: readonly WindowUsage[];
  /**
   * Present when the call's idempotency key was charged before: `cost` is what that first charge cost,
   * and this call charged nothing.
   */
  readonly replayed?: true;
  /**
   * Present when the counters could not be asked and `onStoreError` let the charge through: `used` and
   * `remaining` only know of what this process has allowed so.
   */
  readonly uncounted?: true;
}

/** A limit refuses; nothing was charged. */
export interface UsageLimitExceeded {
  /** A limit refused; answer 429. */
  readonly allowed: false;
  /** Tells this refusal from the one of a disabled member. */
  readonly reason: 'limit_exceeded';
  /** The units that were asked for. */
  readonly cost: number;
  /** The organization's IANA time zone. */
  readonly timeZone: string;
  /** Every window that would have been charged, as it stands. */
  readonly windows: readonly WindowUsage[];
  /** The windows that refuse. */
  readonly violated: readonly PolicyName[];
  /** When all refusing windows have reset; `null` when waiting cannot help. */
  readonly retryAt: Date | null;
  /** Whom to ask. */
  readonly contact: string;
}

/** The user may not use the organization at all; nothing was charged. */
export interface AccessRefused {
  /** The user may not come in; answer 403. */
  readonly allowed: false;
  /** Why; an unknown organization is `not_a_member` too. */
  readonly reason: 'member_disabled' | 'not_a_member';
}

/** The answer to a `consume`. A refusal is a value; only the HTTP edge turns it into 403 or 429. */
export type UsageDecision = UsageAllowed | UsageLimitExceeded | AccessRefused;
