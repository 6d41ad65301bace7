/** Something about each counter, by its partition and its key. */
export type ByCounter<T> = Map<string, Map<string, T>>;

/** Counters as they stand; one that is missing holds nothing. */
export type Standing = ByCounter<number>;

/** What is known about the counters of a partition, to be read and added to. */
export function ofPartition<T>(counters: ByCounter<T>, partition: string): Map<string, T> {
  const known = counters.get(partition);
  if (known) return known;
  const none = new Map<string, T>();
  counters.set(partition, none);
  return none;
}

/** The same counters, to be changed. */
export function copyOf(standing: Standing): Standing {
  return new Map([...standing].map(([partition, own]) => [partition, new Map(own)]));
}
