/** Calls that are under way together. */
export interface Flight {
  /** Whose they are, each once. */
  readonly partitions: readonly string[];
  /** Whether its caller is gone. */
  readonly isAbandoned: () => boolean;
}

/** How a flight has ended; `in vain`: it has waited for others, and done nothing. */
export type Landing = 'done' | 'failed' | 'in vain';

/** What is under way. */
export interface Flights {
  /** Whether nothing can take off. */
  areFull(): boolean;
  /** Whether no more calls of the partition can take off. */
  isBusy(partition: string): boolean;
  /**
   * Whether it may hang: an earlier one of its partitions did, or any other does. So no more than `flights` may
   * hang whose statement carries no time-out.
   */
  takeOff(flight: Flight): boolean;
  /** Once it is back. */
  land(flight: Flight, landing: Landing): void;
  /** Counts no longer on those that nobody waits for. */
  giveUpAbandoned(): void;
  /** The same, and sets those apart that were there at the last look already. */
  look(): void;
  /** Whether its calls leave by themselves: an earlier flight hung, or came back in vain. */
  isSuspect(partition: string): boolean;
}

/** How many may be under way: at all, and with calls of the same partition. */
export interface FlightLimits {
  /** Half as many more may be under way of those that hang. */
  readonly flights: number;
  readonly flightsOfPartition: number;
}

/**
 * `alone`: it was under way with others when the flight hung, so it may not be the reason. `apart`: it was the
 * only one, and takes no place of those that do not hang.
 */
type Suspicion = 'alone' | 'apart';

// Each is an organization that somebody keeps locked. When there are more, the server is the reason.
const mostSuspects = 1000;

/** Begins with nothing under way. */
export function createFlights({ flights, flightsOfPartition }: FlightLimits): Flights {
  const underWay = createFlightList();
  // Of those under way.
  const apart = new Set<Flight>();
  const seen = new WeakSet<Flight>();
  // Still on a connection, perhaps for as long as the server lets it wait.
  const abandoned = new Set<Flight>();
  const suspects = new Map<string, Suspicion>();

  const isApartFull = () => apart.size >= flights / 2;
  const areOthersFull = () => underWay.all.size - apart.size >= flights;

  function suspect({ partitions }: Flight): void {
    if (suspects.size > mostSuspects) suspects.clear();
    const suspicion = partitions.length === 1 ? 'apart' : 'alone';
    for (const partition of partitions) suspects.set(partition, suspicion);
  }

  function giveUpAbandoned(): void {
    for (const flight of underWay.all) {
      if (!flight.isAbandoned()) continue;
      underWay.remove(flight);
      apart.delete(flight);
      abandoned.add(flight);
      suspect(flight);
    }
  }

  return {
    areFull: () => areOthersFull() && (isApartFull() || suspects.size === 0),
    isBusy: (partition) =>
      underWay.countOf(partition) >= flightsOfPartition ||
      (suspects.get(partition) === 'apart' ? isApartFull() : areOthersFull()),
    takeOff(flight) {
      underWay.add(flight);
      const suspicions = flight.partitions.flatMap((partition) => suspects.get(partition) ?? []);
      if (suspicions.includes('apart')) apart.add(flight);
      return suspicions.length + apart.size + abandoned.size > 0;
    },
    land(flight, landing) {
      underWay.remove(flight);
      apart.delete(flight);
      abandoned.delete(flight);
      if (landing === 'in vain') suspect(flight);
      if (landing === 'done') {
        for (const partition of flight.partitions) suspects.delete(partition);
      }
    },
    giveUpAbandoned,
    look() {
      giveUpAbandoned();
      for (const flight of underWay.all) {
        if (seen.has(flight) && !isApartFull()) apart.add(flight);
        seen.add(flight);
      }
    },
    isSuspect: (partition) => suspects.has(partition),
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
