import type { AccessRefused, UsageAllowed, UsageLimitExceeded } from './usage-decision.ts';

/** What a reservation was settled with. */
export interface SettledReservation {
  /** Units that stay charged; 0 when it was released. */
  readonly units: number;
  /** Present when it was settled before: `units` is what counts, and this call changed nothing. */
  readonly replayed?: true;
}

/**
 * Units set aside for work whose cost is known afterwards. Settle it once; what comes after the first
 * settlement, from whichever process, changes nothing and says so.
 */
export interface Reservation {
  /** For `settleReservation` in another process. It proves itself; keep it inside the host. */
  readonly token: string;
  /** When the units go back unless it is settled. */
  readonly expiresAt: Date;
  /**
   * States what the work cost, an integer from 0 to 2^53 - 3. More than the estimate is counted, too,
   * past any limit. Throws `invalid_input`, and `invalid_reservation` a day after the expiry.
   */
  commit(actual: number): Promise<SettledReservation>;
  /** Gives everything back. Throws `invalid_reservation` a day after the expiry. */
  release(): Promise<SettledReservation>;
}

/** The units were set aside. */
export interface UsageReserved extends UsageAllowed {
  /** To be settled. */
  readonly reservation: Reservation;
}

/** The answer to a `reserve`. A refusal is a value, and nothing is charged. */
export type ReserveDecision = UsageReserved | UsageLimitExceeded | AccessRefused;
