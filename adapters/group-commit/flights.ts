import { type GroupedRequest, isAbandoned } from './grouped-request.ts';

/** Calls that are under way together. */
export interface Flight {
  readonly requests: readonly GroupedRequest[];
  /** Whose they are, each once. */
  readonly partitions: Iterable<string>;
}

/** How a flight has ended; `in vain`: it has waited for others, and done nothing. */
export type Landing = 'done' | 'failed' | 'in vain';

/** What is under way. */
export interface Flights {
  areFull(): boolean;
  isBusy(partition: string): boolean;
  takeOff(flight: Flight): Flight;
  /** Once it is back. */
  land(flight: Flight, landing: Landing): void;
  /** Counts no longer on those that nobody waits for. */
  giveUpStalled(): void;
  /** Whether an earlier one of the partition was given up and is not back, or came back in vain. */
  mayHang(partition: string): boolean;
}

/** How many may be under way: at all, and with calls of the same partition. */
export interface FlightLimits {
  readonly flights: number;
  readonly flightsOfPartition: number;
}

// Each is an organization that somebody keeps locked. When there are more, the server is the reason.
const mostSuspects = 1000;

/** Begins with nothing under way. */
export function createFlights(limits: FlightLimits): Flights {
  const underWay = createFlightList();
  const stalled = createFlightList();
  const suspects = new Set<string>();
  return {
    areFull: () => underWay.all.size >= limits.flights,
    isBusy: (partition) => underWay.countOf(partition) >= limits.flightsOfPartition,
    takeOff(flight) {
      underWay.add(flight);
      return flight;
    },
    land(flight, landing) {
      underWay.remove(flight);
      stalled.remove(flight);
      if (suspects.size > mostSuspects) suspects.clear();
      for (const partition of flight.partitions) {
        if (landing === 'done') suspects.delete(partition);
        if (landing === 'in vain') suspects.add(partition);
      }
    },
    giveUpStalled() {
      for (const flight of underWay.all) {
        if (!flight.requests.every(isAbandoned)) continue;
        underWay.remove(flight);
        stalled.add(flight);
      }
    },
    mayHang: (partition) => suspects.has(partition) || stalled.countOf(partition) > 0,
  };
}

/** Flights, counted by partition. */
function createFlightList() {
  const all = new Set<Flight>();
  const counts = new Map<string, number>();
  const count = ({ partitions }: Flight, change: number) => {
    for (const partition of partitions) {
      const counted = (counts.get(partition) ?? 0) + change;
      if (counted > 0) counts.set(partition, counted);
      else counts.delete(partition);
    }
  };
  return {
    all,
    countOf: (partition: string) => counts.get(partition) ?? 0,
    add(flight: Flight) {
      all.add(flight);
      count(flight, 1);
    },
    remove(flight: Flight) {
      if (all.delete(flight)) count(flight, -1);
    },
  };
}
