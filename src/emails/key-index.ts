import type { ExtractedEntry } from './extraction.ts';
import { hashKey } from './key-hash.ts';

const firstSize = 128;
const largestGuess = 65_536;
const maxProbes = 32;
const placeBits = 24;
const placeMask = 2 ** placeBits - 1;

/** Stands for the place of a key that has none. */
export const noPlace = -1;

/**
 * In which entry each key came first. Several times as fast as a `Map`, because the scan has
 * computed the hash already and the table stays small; keys that a hostile text makes collide go to
 * a `Map` after a few probes.
 */
export class KeyIndex {
  private readonly entries: readonly ExtractedEntry[];
  private readonly textLength: number;
  private readonly overflow = new Map<string, number>();
  // Zero, or one more than the place, below the upper bits of the hash. What an entry says of its
  // key counts, so that nothing needs to be taken out when an entry is taken back.
  private table = new Int32Array(firstSize);
  private used = 0;

  /** The keys are those of the accepted `entries`; `textLength` is how much there is to read. */
  constructor(entries: readonly ExtractedEntry[], textLength: number) {
    this.entries = entries;
    this.textLength = textLength;
  }

  /**
   * The place of a key. One that is not there yet gets `place`, unless that is `noPlace`, which is
   * only returned.
   */
  claim(key: string, hash: number, place: number): number {
    if (this.used * 3 > this.table.length * 2) this.grow();
    const { table } = this;
    const mask = table.length - 1;
    const bits = spread(hash);
    for (let probe = 0; probe < maxProbes; probe++) {
      const slot = (bits + probe) & mask;
      const found = table[slot] ?? 0;
      if (found === 0 && place < placeMask) return this.settle(place, slot, bits);
      const at = (found & placeMask) - 1;
      if ((found ^ bits) >>> placeBits === 0 && this.isAt(at, key)) return at;
    }
    return this.claimBeside(key, place);
  }

  private settle(place: number, slot: number, bits: number): number {
    if (place === noPlace) return place;
    this.table[slot] = (bits & ~placeMask) | (place + 1);
    this.used++;
    return place;
  }

  private claimBeside(key: string, place: number): number {
    const known = this.overflow.get(key) ?? noPlace;
    if (this.isAt(known, key) || place === noPlace) return known;
    this.overflow.set(key, place);
    return place;
  }

  private isAt(place: number, key: string): boolean {
    return keyOf(this.entries[place]) === key;
  }

  private grow(): void {
    this.table = new Int32Array(this.nextSize());
    this.used = 0;
    this.overflow.clear();
    for (let place = 0; place < this.entries.length; place++) {
      const key = keyOf(this.entries[place]);
      if (key !== undefined) this.claim(key, hashKey(key), place);
    }
  }

  // Large enough for the rest of the text, if that is like what was read of it.
  private nextSize(): number {
    const read = this.entries.at(-1)?.index ?? this.textLength;
    const expected = (this.used * this.textLength) / Math.max(read, 1);
    let size = this.table.length * 2;
    while (size * 2 < expected * 3 && size < largestGuess) size *= 2;
    return size;
  }
}

// A duplicate has a key, too, but it is not the first one.
function keyOf(entry: ExtractedEntry | undefined): string | undefined {
  return entry?.verdict === 'ok' || entry?.verdict === 'review' ? entry.key : undefined;
}

// Neighbouring keys differ in their last steps only.
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1);
  return mixed ^ (mixed >>> 13);
}
