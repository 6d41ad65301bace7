import type { Reservation } from './reservation.ts';
import type { AccessRefused, PolicyName } from './usage-decision.ts';
import type { Units } from './usage-limit.ts';

/** What a window is, as long as its limit stands. Times are epoch milliseconds. */
export interface WindowTerms {
  readonly policy: PolicyName;
  readonly scope: 'user' | 'organization';
  readonly window: 'day' | 'month';
  readonly limit: Units;
  readonly calendar: { readonly startsAt: number; readonly endsAt: number };
}

/** Where the windows of a charge stand. */
export interface ChargeStanding {
  readonly cost: number;
  /** When it was made, epoch milliseconds. */
  readonly at: number;
  readonly timeZone: string;
  /** The very same list from one charge to the next until something in it changes. */
  readonly terms: readonly WindowTerms[];
  /** What each of their counters holds, and perhaps of more counters after them. */
  readonly used: readonly number[];
}

/** The charge was made; see `UsageAllowed`. */
export interface Charged extends ChargeStanding {
  readonly allowed: true;
  readonly note: 'replayed' | 'uncounted' | undefined;
}

/** The charge was made, and is to be settled. */
export interface Reserved extends Charged {
  readonly reservation: Reservation;
}

/** A limit refuses; see `UsageLimitExceeded`. */
export interface Exceeded extends ChargeStanding {
  readonly allowed: false;
  readonly reason: 'limit_exceeded';
  readonly violated: readonly PolicyName[];
  readonly retryAt: number | null;
  readonly contact: string;
}

/**
 * What became of a charge, before anybody looks at it: a request that goes on needs no decision made of
 * it, which would take longer than the charge.
 */
export type ChargeOutcome = Charged | Exceeded | AccessRefused;

/** What became of setting units aside. */
export type ReserveOutcome = Reserved | Exceeded | AccessRefused;
