import type { ChargeRequest, ChargeResult, UsageWindow } from '../ports/rate-limit-store.ts';

/** What this process has allowed while the store was away. */
export interface UncountedUsage {
  /**
   * Allows a charge, or refuses it when what was allowed here fills a limit by itself. Undefined when the
   * allowance is used up, or when there is no room left to remember it in. `isToCount`: it waits to be
   * counted.
   */
  allow(request: ChargeRequest, isToCount: boolean): ChargeResult | undefined;
  /** Makes units that were allowed and not used available again. */
  letGo(request: ChargeRequest): void;
  /** Whether anything of the partition waits to be counted. */
  isWaiting(partition: string): boolean;
  /** From here on another outage: what waits for nothing may be forgotten when room is needed. */
  endOutage(): void;
  /** What makes up for charges that were not counted, as long as any wait. */
  next(): MakeUp | undefined;
}

/** One charge that stands for many. */
export interface MakeUp {
  readonly request: ChargeRequest;
  /** For how many. */
  readonly charges: number;
  /** It was charged, or may have been: it waits no longer. */
  done(): void;
}

interface Entry extends Pick<UsageWindow, 'key' | 'keepMs'> {
  readonly partition: string;
  /** Units allowed here. */
  allowed: number;
  /** Those of them that the store has yet to be told, and of how many charges they are. */
  waiting: number;
  charges: number;
  /** In which outage something was allowed last. */
  outage: number;
}

const mostEntries = 10_000;
const mostWindows = 100;

const idOf = (partition: string, key: string) => `${partition.length}:${partition}${key}`;

/** `allowanceOf`: the most units that this process may allow on a counter. */
export function createUncountedUsage(allowanceOf: (key: string) => number): UncountedUsage {
  const entries = new Map<string, Entry>();
  let outage = 0;
  let clearedIn = 0;

  function hasPlaceFor({ partition, windows }: ChargeRequest): boolean {
    const isNew = ({ key }: UsageWindow) => !entries.has(idOf(partition, key));
    const fits = () => entries.size + windows.filter(isNew).length <= mostEntries;
    if (!fits()) forgetEarlierOutages();
    return fits();
  }

  function forgetEarlierOutages(): void {
    // Once for each outage: no more is to be found by walking through all of them again.
    if (clearedIn === outage) return;
    clearedIn = outage;
    for (const [id, entry] of entries) {
      if (entry.waiting === 0 && entry.outage < outage) entries.delete(id);
    }
  }

  function add(partition: string, { key, cost, keepMs }: UsageWindow, isToCount: boolean) {
    const id = idOf(partition, key);
    const fresh = { partition, key, keepMs, allowed: 0, waiting: 0, charges: 0, outage };
    const entry = entries.get(id) ?? fresh;
    entry.allowed += cost;
    entry.outage = outage;
    if (isToCount) {
      entry.waiting += cost;
      entry.charges += 1;
    }
    entries.set(id, entry);
    return entry.allowed;
  }

  return {
    allow(request, isToCount) {
      const { partition, windows } = request;
      const used = windows.map(({ key }) => entries.get(idOf(partition, key))?.allowed ?? 0);
      const isWithin = (most: (window: UsageWindow) => number) =>
        windows.every((window, index) => (used[index] ?? 0) + window.cost <= most(window));
      if (!isWithin(({ limit }) => limit ?? Number.MAX_SAFE_INTEGER))
        return { allowed: false, used, uncounted: true };
      if (!isWithin(({ key }) => allowanceOf(key)) || !hasPlaceFor(request)) return undefined;
      const after = windows.map((window) => add(partition, window, isToCount));
      return { allowed: true, used: after, uncounted: true };
    },
    letGo({ partition, windows }) {
      for (const { key, cost } of windows) {
        const entry = entries.get(idOf(partition, key));
        if (entry) entry.allowed = Math.max(0, entry.allowed - cost);
      }
    },
    isWaiting: (partition) =>
      [...entries.values()].some((entry) => entry.partition === partition && entry.waiting !== 0),
    endOutage() {
      outage += 1;
    },
    next() {
      const waiting = waitingTogether(entries.values());
      return waiting.length === 0 ? undefined : toMakeUp(waiting);
    },
  };
}

/** Some that wait, of one partition. */
function waitingTogether(entries: Iterable<Entry>): readonly Entry[] {
  const found: Entry[] = [];
  for (const entry of entries) {
    const isAlike = found[0] === undefined || found[0].partition === entry.partition;
    if (entry.waiting !== 0 && isAlike) found.push(entry);
    if (found.length === mostWindows) break;
  }
  return found;
}

function toMakeUp(entries: readonly Entry[]): MakeUp {
  const partition = entries[0]?.partition ?? '';
  const parts = entries.map((entry) => ({ entry, cost: entry.waiting, charges: entry.charges }));
  return {
    request: {
      partition,
      // The limits bind what is asked for, not what has happened.
      windows: parts.map(({ entry: { key, keepMs }, cost }) => ({
        key,
        cost,
        limit: null,
        keepMs,
      })),
    },
    charges: Math.max(...parts.map(({ charges }) => charges)),
    done() {
      for (const { entry, cost, charges } of parts) {
        entry.waiting -= cost;
        entry.charges -= charges;
      }
    },
  };
}
