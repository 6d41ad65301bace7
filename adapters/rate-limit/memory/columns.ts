// What ends later, 136 years after the clock's beginning, never ends.
const lastSecond = 0xffff_ffff;
const firstCapacity = 64;

/** What counters hold, column by column: an object for each would take more memory than all the rest. */
export interface Columns {
  /** Begins a counter; the number of its slot. */
  begin(units: number, expiresAt: number): number;
  /** How many counters have begun so far. */
  begun(): number;
  /** What the counters hold. */
  read(slots: readonly number[]): number[];
  /** Adds units to what the counters were read to hold; those that are not there stay so. */
  add(slots: readonly number[], costs: readonly number[], used: number[]): void;
  /** When the counter expires, as `toExpiry` says. */
  expiryOf(slot: number): number;
  /** Gives the slot to a later counter. */
  free(slot: number): void;
}

/** Milliseconds of the clock in whole seconds, the last one included. */
export const toExpiry = (expiresAt: number) =>
  Math.min(Math.max(0, Math.ceil(expiresAt / 1000)), lastSecond);

/** The slot of a counter that is not there; it holds nothing. */
export const noSlot = 0;

/** Creates empty columns. */
export function createColumns(): Columns {
  let used = new Float64Array(firstCapacity);
  let expiries = new Uint32Array(firstCapacity);
  let size = noSlot + 1;
  let begun = 0;
  const freed: number[] = [];

  function grow(): void {
    const [usedBefore, expiriesBefore] = [used, expiries];
    used = new Float64Array(size * 2);
    used.set(usedBefore);
    expiries = new Uint32Array(size * 2);
    expiries.set(expiriesBefore);
  }

  function nextSlot(): number {
    const slot = freed.pop();
    if (slot !== undefined) return slot;
    if (size === used.length) grow();
    size += 1;
    return size - 1;
  }

  return {
    begin(units, expiresAt) {
      const slot = nextSlot();
      begun += 1;
      used[slot] = units;
      expiries[slot] = toExpiry(expiresAt);
      return slot;
    },
    begun: () => begun,
    // Loops by index, here and below: this is what each request of a host waits for.
    read(slots) {
      const units = new Array<number>(slots.length);
      for (let index = 0; index < slots.length; index += 1) {
        units[index] = used[slots[index] ?? noSlot] ?? 0;
      }
      return units;
    },
    add(slots, costs, held) {
      for (let index = 0; index < slots.length; index += 1) {
        const slot = slots[index] ?? noSlot;
        const units = Math.max(0, (held[index] ?? 0) + (costs[index] ?? 0));
        held[index] = units;
        if (slot !== noSlot) used[slot] = units;
      }
    },
    expiryOf: (slot) => (slot === noSlot ? lastSecond : (expiries[slot] ?? lastSecond)),
    free(slot) {
      freed.push(slot);
    },
  };
}
