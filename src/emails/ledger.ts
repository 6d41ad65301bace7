import type { AcceptedEntry, ExtractedEntry, Extraction } from './extraction.ts';
import type { AddressReason } from './judge/reasons.ts';

const entriesPerAddress = 10;

/** Something that is refused, and where it stands. */
export interface Rejection {
  readonly reason: AddressReason;
  readonly start: number;
  readonly end: number;
}

/** Collects the entries in text order and knows which address came first. */
export class Ledger {
  private readonly text: string;
  private readonly maxAddresses: number;
  private readonly entries: ExtractedEntry[] = [];
  private readonly firsts = new Map<string, number>();
  private readonly totals = { ok: 0, review: 0, rejected: 0, duplicate: 0 };
  private leftOut = false;

  constructor(text: string, maxAddresses: number) {
    this.text = text;
    this.maxAddresses = maxAddresses;
  }

  /** Whether a finding had to be left out. */
  get isFull(): boolean {
    return this.leftOut;
  }

  /** Enters an address, the first time as it is, afterwards as a duplicate. */
  accept(entry: AcceptedEntry): void {
    const first = this.firsts.get(entry.key);
    if (first !== undefined) {
      const { reason: _, ...recipient } = entry;
      this.push({ ...recipient, verdict: 'duplicate', duplicateOf: first });
    } else if (this.firsts.size >= this.maxAddresses) this.leftOut = true;
    else {
      this.firsts.set(entry.key, this.entries.length);
      this.push(entry);
    }
  }

  /** Enters something that cannot be invited. */
  reject({ reason, start, end }: Rejection): void {
    const raw = this.text.slice(start, end);
    this.push({ index: start, length: end - start, raw, verdict: 'rejected', reason });
  }

  /** Takes back every entry that ends behind `start`: it was part of something larger. */
  forget(start: number): void {
    while (endOf(this.entries.at(-1)) > start) this.dropLast();
  }

  /** Rejects the addresses that end behind `start` and are not `key`: they pose as a name. */
  rejectPosing(start: number, key: string): void {
    const taken: ExtractedEntry[] = [];
    while (endOf(this.entries.at(-1)) > start) taken.push(...this.dropLast());
    for (const entry of taken.reverse()) {
      if (entry.verdict === 'rejected') this.push(entry);
      else if (entry.key !== key) {
        this.reject({
          reason: 'display-name-address',
          start: entry.index,
          end: entry.index + entry.length,
        });
      } else if (entry.verdict === 'duplicate') this.push(entry);
      else this.accept(entry);
    }
  }

  /** Everything collected, with the totals. */
  finish(truncated: boolean): Extraction {
    return { entries: this.entries, totals: this.totals, truncated };
  }

  private push(entry: ExtractedEntry): void {
    if (this.entries.length >= this.maxAddresses * entriesPerAddress) {
      this.leftOut = true;
      return;
    }
    this.totals[entry.verdict]++;
    this.entries.push(entry);
  }

  private dropLast(): ExtractedEntry[] {
    const entry = this.entries.pop();
    if (!entry) return [];
    this.totals[entry.verdict]--;
    if (entry.verdict === 'ok' || entry.verdict === 'review') this.firsts.delete(entry.key);
    return [entry];
  }
}

function endOf(entry: ExtractedEntry | undefined): number {
  return entry ? entry.index + entry.length : -1;
}
