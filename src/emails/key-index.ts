import type { ExtractedEntry } from './extraction.ts';

const firstSize = 512;
const largestGuess = 131_072;
const maxProbes = 32;
const removed = -1;

/** Adds a code unit to a hash; see `hashKey`. */
export function hashStep(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

/** Joins the hash of a local part, read from its end to its start, with that of its domain. */
export function joinHashes(localPart: number, domain: number): number {
  return Math.imul(localPart, 0x01000193) ^ domain;
}

/** The hash of a key. */
export function hashKey(key: string): number {
  const at = key.lastIndexOf('@');
  let localPart = 0;
  for (let index = at - 1; index >= 0; index--) {
    localPart = hashStep(localPart, key.charCodeAt(index));
  }
  let domain = 0;
  for (let index = at + 1; index < key.length; index++) {
    domain = hashStep(domain, key.charCodeAt(index));
  }
  return joinHashes(localPart, domain);
}

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

  /** The place of a key, or nothing. */
  find(key: string, hash: number): number | undefined {
    const slot = this.slotOf(key, hash);
    if (slot >= 0) return (this.table[slot] ?? 0) - 1;
    return this.overflow.size > 0 ? this.overflow.get(key) : undefined;
  }

  /** Adds a key that is not there. */
  add(key: string, hash: number, place: number): void {
    this.live++;
    if (++this.used * 2 > this.mask) this.grow();
    if (!this.fill(place + 1, hash)) this.overflow.set(key, place);
  }

  /** Takes back a key whose entry is still in its place. */
  remove(key: string): void {
    this.live--;
    const slot = this.slotOf(key, hashKey(key));
    if (slot < 0) this.overflow.delete(key);
    else this.table[slot] = removed;
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
