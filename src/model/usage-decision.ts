/** The windows that a charge counts in. The names are stable: they stand in headers and bodies. */
export type PolicyName = 'user-day' | 'user-month' | 'org-day' | 'org-month';

/** One window after, or at the refusal of, a charge. */
export interface WindowUsage {
  readonly policy: PolicyName;
  readonly scope: 'user' | 'organization';
  readonly window: 'day' | 'month';
  /** `null` = no limit. */
  readonly limit: number | null;
  readonly used: number;
  /** `null` = no limit. */
  readonly remaining: number | null;
  readonly startsAt: Date;
  /** First instant of the next window. */
  readonly resetsAt: Date;
}

/** The charge was made. */
export interface UsageAllowed {
  readonly allowed: true;
  readonly cost: number;
  /** The organization's IANA time zone. */
  readonly timeZone: string;
  readonly windows: readonly WindowUsage[];
}

/** A limit refuses; nothing was charged. */
export interface UsageLimitExceeded {
  readonly allowed: false;
  readonly reason: 'limit_exceeded';
  readonly cost: number;
  readonly timeZone: string;
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
  readonly allowed: false;
  readonly reason: 'member_disabled' | 'not_a_member';
}

/** The answer to a `consume`. A refusal is a value; only the HTTP edge turns it into 403 or 429. */
export type UsageDecision = UsageAllowed | UsageLimitExceeded | AccessRefused;
