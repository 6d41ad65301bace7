import type { OpenReservation } from '../model/open-reservation.ts';

/** Which expired reservations to find. */
export interface ExpiredReservationQuery {
  /** Only this organization's. */
  readonly orgId?: string | undefined;
  /** Epoch milliseconds: those whose `expiresAt` is this or earlier. */
  readonly now: number;
  /** Most to find. */
  readonly limit: number;
}

/**
 * The reservations that nobody has settled yet, so that one whose process died can be given back.
 * It decides nothing: whether a reservation is settled stands in the counters.
 */
export interface ReservationLog {
  /** Notes a reservation. */
  insert(reservation: OpenReservation): Promise<void>;
  /** Forgets one, if it is there. */
  remove(id: string): Promise<void>;
  /** Finds expired ones, the oldest first. */
  findExpired(query: ExpiredReservationQuery): Promise<readonly OpenReservation[]>;
  /** The earliest `expiresAt` of all, or undefined when there is none. */
  nextExpiryAt(): Promise<number | undefined>;
}
