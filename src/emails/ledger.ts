import type { Rejection } from './candidate.ts';
import type { AcceptedEntry, ExtractedEntry, Extraction } from './extraction.ts';
import { hashKey } from './key-hash.ts';
import { KeyIndex, noPlace } from './key-index.ts';

const entriesPerAddress = 10;

/** Collects the entries in text order and knows which address came first. */
export class Ledger {
  private readonly text: string;
  private readonly maxAddresses: number;
  private readonly entries: ExtractedEntry[] = [];
  private readonly firsts: KeyIndex;
  private readonly totals = { ok: 0, review: 0, rejected: 0, duplicate: 0 };
  private leftOut = false;

  constructor(text: string, maxAddresses: number) {
    this.text = text;
    this.maxAddresses = maxAddresses;
    this.firsts = new KeyIndex(this.entries, text.length);
  }

  /** Whether a finding had to be left out. */
  get isFull(): boolean {
    return this.leftOut;
  }

  /** Enters an address, as it is when it comes for the first time; `hash` is that of its key. */
  addAddress(entry: AcceptedEntry, hash: number): void {
    const { ok, review } = this.totals;
    const place = ok + review < this.maxAddresses ? this.entries.length : noPlace;
    const first = this.firsts.claim(entry.key, hash, place);
    if (first === noPlace) this.leftOut = true;
    else this.push(first === place ? entry : repeated(entry, first));
  }

  addRejection({ reason, start, end }: Rejection): void {
    const raw = this.text.slice(start, end);
    this.push({ index: start, length: end - start, raw, verdict: 'rejected', reason });
  }

  /** Takes back every entry that ends behind `start`: it was part of something larger. */
  forget(start: number): void {
    while (endOf(this.entries.at(-1)) > start) this.dropLast();
  }

  /** Rejects the addresses that end behind `start` and are not `key`: they pose as a name. */
  rejectFrom(start: number, key: string): void {
    const taken: ExtractedEntry[] = [];
    while (endOf(this.entries.at(-1)) > start) {
      const entry = this.dropLast();
      if (entry) taken.push(entry);
    }
    for (const entry of taken.reverse()) {
      if (entry.verdict === 'rejected' || entry.key === key) this.restore(entry);
      else this.enter(posing(entry));
    }
  }

  /** Everything collected, with the totals. */
  finish(truncated: boolean): Extraction {
    return { entries: this.entries, totals: this.totals, truncated };
  }

  private push(entry: ExtractedEntry): void {
    if (this.entries.length >= this.maxAddresses * entriesPerAddress) this.leftOut = true;
    else this.enter(entry);
  }

  private enter(entry: ExtractedEntry): void {
    // Nearly all, and a name that is known costs less than one that is looked up.
    if (entry.verdict === 'ok') this.totals.ok++;
    else this.totals[entry.verdict]++;
    // A call of `push` takes longer.
    this.entries[this.entries.length] = entry;
  }

  private dropLast(): ExtractedEntry | undefined {
    const entry = this.entries.pop();
    if (entry) this.totals[entry.verdict]--;
    return entry;
  }

  private restore(entry: ExtractedEntry): void {
    if (isAccepted(entry)) this.firsts.claim(entry.key, hashKey(entry.key), this.entries.length);
    this.enter(entry);
  }
}

function isAccepted(entry: ExtractedEntry): entry is AcceptedEntry {
  return entry.verdict === 'ok' || entry.verdict === 'review';
}

function endOf(entry: ExtractedEntry | undefined): number {
  return entry ? entry.index + entry.length : -1;
}

function repeated(accepted: AcceptedEntry, duplicateOf: number): ExtractedEntry {
  const { reason: _, ...entry } = accepted;
  return { ...entry, verdict: 'duplicate', duplicateOf };
}

function posing({ index, length, raw }: ExtractedEntry): ExtractedEntry {
  return { index, length, raw, verdict: 'rejected', reason: 'display-name-address' };
}
