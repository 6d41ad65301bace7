import type { ExtractedEntry } from './extraction.ts';
import { hashKey } from './key-hash.ts';

const firstSize = 512;
const largestGuess = 131_072;
const maxProbes = 32;
const removed = -1;

/** Stands for the place of a key that has none. */
export const noPlace = -1;

/**
 * In which entry each key came first. Twice as fast as a `Map`, because the scan has computed the
 * hash already; keys that a hostile text makes collide go to a `Map` after a few probes.
 */
export class KeyIndex {
  private readonly entries: readonly ExtractedEntry[];
  private readonly textLength: number;
  private readonly overflow = new Map<string, number>();
  // Pairs: one more than the place, or zero, or `removed`; and the hash.
  private table: Int32Array;
  private mask: number;
  private used = 0;
  private live = 0;

  /** The keys are those of `entries`; `textLength` is how much there is to read. */
  constructor(entries: readonly ExtractedEntry[], textLength: number) {
    this.entries = entries;
    this.textLength = textLength;
    this.table = new Int32Array(firstSize * 2);
    this.mask = firstSize - 1;
  }

  /** How many keys there are. */
  get size(): number {
    return this.live;
  }

  /**
   * The place of a key. One that is not there yet gets `place`, unless that is `noPlace`, which is
   * only returned.
   */
  claim(key: string, hash: number, place: number): number {
    if ((this.used + 1) * 2 > this.mask) this.grow();
    const { table, mask, entries } = this;
    let slot = (spread(hash) & mask) * 2;
    for (let probe = 0; probe < maxProbes; probe++) {
      const entry = table[slot] ?? 0;
      if (entry === 0) return this.beside(key) ?? this.settle(place, slot, hash);
      const isSame = entry > 0 && table[slot + 1] === hash;
      if (isSame && keyOf(entries[entry - 1]) === key) return entry - 1;
      slot = (slot + 2) & (mask * 2);
    }
    return this.claimBeside(key, place);
  }

  /** Takes back a key whose entry is still in its place. */
  remove(key: string): void {
    this.live--;
    const slot = this.slotOf(key, hashKey(key));
    if (slot < 0) this.overflow.delete(key);
    else this.table[slot] = removed;
  }

  private settle(place: number, slot: number, hash: number): number {
    if (place === noPlace) return place;
    this.table[slot] = place + 1;
    this.table[slot + 1] = hash;
    this.used++;
    this.live++;
    return place;
  }

  // A table that has grown has free slots for keys that went beside the smaller one.
  private beside(key: string): number | undefined {
    return this.overflow.size > 0 ? this.overflow.get(key) : undefined;
  }

  private claimBeside(key: string, place: number): number {
    const known = this.overflow.get(key);
    if (known !== undefined || place === noPlace) return known ?? place;
    this.overflow.set(key, place);
    this.live++;
    return place;
  }

  private slotOf(key: string, hash: number): number {
    const { table, mask } = this;
    const first = spread(hash);
    for (let probe = 0; probe < maxProbes; probe++) {
      const slot = ((first + probe) & mask) * 2;
      const entry = table[slot] ?? 0;
      if (entry === 0) return -1;
      if (entry > 0 && table[slot + 1] === hash && keyOf(this.entries[entry - 1]) === key) {
        return slot;
      }
    }
    return -1;
  }

  private fill(entry: number, hash: number): boolean {
    const { table, mask } = this;
    const first = spread(hash);
    for (let probe = 0; probe < maxProbes; probe++) {
      const slot = ((first + probe) & mask) * 2;
      if (table[slot] === 0) {
        table[slot] = entry;
        table[slot + 1] = hash;
        return true;
      }
    }
    return false;
  }

  private grow(): void {
    const { table } = this;
    const size = this.nextSize();
    this.table = new Int32Array(size * 2);
    this.mask = size - 1;
    for (let slot = 0; slot < table.length; slot += 2) {
      const entry = table[slot] ?? 0;
      if (entry > 0 && !this.fill(entry, table[slot + 1] ?? 0)) {
        this.overflow.set(keyOf(this.entries[entry - 1]) ?? '', entry - 1);
      }
    }
  }

  // Large enough for the rest of the text, if that is like what was read of it.
  private nextSize(): number {
    const read = this.entries.at(-1)?.index ?? this.textLength;
    const expected = (this.used * this.textLength) / Math.max(read, 1);
    let size = (this.mask + 1) * 2;
    while (size < expected * 2 && size < largestGuess) size *= 2;
    return size;
  }
}

function keyOf(entry: ExtractedEntry | undefined): string | undefined {
  return entry && entry.verdict !== 'rejected' ? entry.key : undefined;
}

// Neighbouring keys differ in their last steps only.
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1);
  return mixed ^ (mixed >>> 13);
}
