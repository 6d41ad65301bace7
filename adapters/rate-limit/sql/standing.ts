/** A value for each counter, by its partition and its key. */
export type ByCounter<T> = Map<string, Map<string, T>>;

/** The units that counters hold; a missing one holds 0. */
export type Standing = ByCounter<number>;

/** The counters of a partition, created empty where there are none. */
export function ofPartition<T>(counters: ByCounter<T>, partition: string): Map<string, T> {
  const known = counters.get(partition);
  if (known) return known;
  const none = new Map<string, T>();
  counters.set(partition, none);
  return none;
}

/** A copy of the counters that may be changed. */
export function copyOf(standing: Standing): Standing {
  return new Map([...standing].map(([partition, own]) => [partition, new Map(own)]));
}
