import type { AcceptedEntry, ExtractedEntry, Extraction } from './extraction.ts';
import type { AddressReason } from './judge/reasons.ts';

const entriesPerAddress = 10;

/** Collects the entries in text order and knows which address came first. */
export class Ledger {
  /** Whether a finding had to be left out. */
  isFull = false;
  private readonly text: string;
  private readonly maxAddresses: number;
  private readonly entries: ExtractedEntry[] = [];
  private readonly firsts = new Map<string, number>();

  constructor(text: string, maxAddresses: number) {
    this.text = text;
    this.maxAddresses = maxAddresses;
  }

  /** Enters an address, the first time as it is, afterwards as a duplicate. */
  accept(entry: AcceptedEntry): void {
    const duplicateOf = this.firsts.get(entry.key);
    const { reason: _, ...recipient } = entry;
    if (duplicateOf !== undefined) this.push({ ...recipient, verdict: 'duplicate', duplicateOf });
    else if (this.firsts.size >= this.maxAddresses) this.isFull = true;
    else {
      this.firsts.set(entry.key, this.entries.length);
      this.push(entry);
    }
  }

  /** Enters something that cannot be invited. */
  reject(reason: AddressReason, start: number, end: number): void {
    const raw = this.text.slice(start, end);
    this.push({ index: start, length: end - start, raw, verdict: 'rejected', reason });
  }

  /** Takes back every entry that ends behind `start`: it was part of something larger. */
  forget(start: number): ExtractedEntry[] {
    const kept = this.entries.findLastIndex(({ index, length }) => index + length <= start);
    const taken = this.entries.splice(kept + 1);
    for (const entry of taken) if (isFirst(entry)) this.firsts.delete(entry.key);
    return taken;
  }

  /** Rejects the addresses that end behind `start` and are not `key`: they pose as a name. */
  rejectPosing(start: number, key: string): void {
    for (const entry of this.forget(start)) {
      if (entry.verdict === 'rejected') this.push(entry);
      else if (entry.key !== key) {
        this.reject('display-name-address', entry.index, entry.index + entry.length);
      } else if (isFirst(entry)) this.accept(entry);
      else this.push(entry);
    }
  }

  /** Everything collected, with the totals. */
  finish(truncated: boolean): Extraction {
    const totals = { ok: 0, review: 0, rejected: 0, duplicate: 0 };
    for (const { verdict } of this.entries) totals[verdict]++;
    return { entries: this.entries, totals, truncated };
  }

  private push(entry: ExtractedEntry): void {
    if (this.entries.length < this.maxAddresses * entriesPerAddress) this.entries.push(entry);
    else this.isFull = true;
  }
}

function isFirst(entry: ExtractedEntry): entry is AcceptedEntry {
  return entry.verdict === 'ok' || entry.verdict === 'review';
}
