import { type GroupedRequest, isAbandoned } from './grouped-request.ts';

/** Calls that are under way together. */
export interface Flight {
  readonly requests: readonly GroupedRequest[];
  /** Whose they are, each once. */
  readonly partitions: Iterable<string>;
}

/** What is under way. */
export interface Flights {
  areFull(): boolean;
  isBusy(partition: string): boolean;
  takeOff(flight: Flight): Flight;
  /** Once it is back. */
  land(flight: Flight): void;
  /** Counts no longer on those that nobody waits for. */
  giveUpStalled(): void;
}

/** How many may be under way: at all, and with calls of the same partition. */
export interface FlightLimits {
  readonly flights: number;
  readonly flightsOfPartition: number;
}

/** Begins with nothing under way. */
export function createFlights(limits: FlightLimits): Flights {
  const flights = new Set<Flight>();
  const flightsOf = new Map<string, number>();

  function land(flight: Flight): void {
    // It may have been given up before.
    if (!flights.delete(flight)) return;
    for (const partition of flight.partitions) {
      const left = (flightsOf.get(partition) ?? 0) - 1;
      if (left > 0) flightsOf.set(partition, left);
      else flightsOf.delete(partition);
    }
  }

  return {
    land,
    areFull: () => flights.size >= limits.flights,
    isBusy: (partition) => (flightsOf.get(partition) ?? 0) >= limits.flightsOfPartition,
    takeOff(flight) {
      flights.add(flight);
      for (const partition of flight.partitions) {
        flightsOf.set(partition, (flightsOf.get(partition) ?? 0) + 1);
      }
      return flight;
    },
    giveUpStalled() {
      for (const flight of flights) if (flight.requests.every(isAbandoned)) land(flight);
    },
  };
}
