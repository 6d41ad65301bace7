/** A day or month that units were reserved in. */
export interface ReservedWindow {
  /** The local date that names it: `2026-10-25` or `2026-10`. */
  readonly id: string;
  /** First instant of the next one, epoch milliseconds. */
  readonly endsAt: number;
}

/** Units that were charged for work whose cost is known afterwards. */
export interface OpenReservation {
  /** A UUID. */
  readonly id: string;
  readonly orgId: string;
  readonly userId: string;
  /** One of the configured activities. */
  readonly activity: string;
  /** The units that were charged. */
  readonly estimate: number;
  /** The day they were charged in, which is where the settlement lands, whenever it comes. */
  readonly day: ReservedWindow;
  /** The month, likewise. */
  readonly month: ReservedWindow;
  /** When the units go back unless it is settled, epoch milliseconds. */
  readonly expiresAt: number;
}

/** A reservation as its token carries it. */
export interface HeldReservation extends OpenReservation {
  /**
   * Present when the estimate was allowed without the counters: they may not hold it, so it is never
   * given back, and the settlement counts what was used.
   */
  readonly uncounted?: true;
}
