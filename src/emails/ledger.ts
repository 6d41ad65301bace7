import type { ReviewReason } from './address-reason.ts';
import type { Rejection } from './candidate.ts';
import type { ExtractedEntry, Extraction } from './extraction.ts';
import type { GoodAddress } from './judged-address.ts';

const entriesPerAddress = 10;

/** An address found in the text, before it is known whether it was seen already. */
export interface FoundAddress {
  readonly judged: GoodAddress;
  readonly start: number;
  readonly end: number;
  readonly review: ReviewReason | undefined;
  readonly display: string | undefined;
  readonly normalised: true | undefined;
}

/** Collects the entries in text order and knows which address came first. */
export class Ledger {
  private readonly text: string;
  private readonly maxAddresses: number;
  private readonly entries: ExtractedEntry[] = [];
  // A Map, because `__proto__@example.com` is an address.
  private readonly firstByKey = new Map<string, number>();
  private leftOut = false;

  constructor(text: string, maxAddresses: number) {
    this.text = text;
    this.maxAddresses = maxAddresses;
  }

  /** Whether a finding had to be left out. */
  get isFull(): boolean {
    return this.leftOut;
  }

  addAddress(found: FoundAddress): void {
    const { judged, start, end, review, display, normalised } = found;
    const { address, key, localPart, domain, needsSmtpUtf8 } = judged;
    const raw = this.text.slice(start, end);
    const length = end - start;
    const duplicateOf = this.firstByKey.get(key);
    // One literal each, no spreads: they cost more than finding the address.
    if (duplicateOf !== undefined) {
      this.push({
        verdict: 'duplicate',
        duplicateOf,
        address,
        key,
        localPart,
        domain,
        display,
        needsSmtpUtf8,
        normalised,
        index: start,
        length,
        raw,
      });
    } else if (this.firstByKey.size >= this.maxAddresses) {
      this.leftOut = true;
    } else {
      this.firstByKey.set(key, this.entries.length);
      this.push({
        verdict: review ? 'review' : 'ok',
        reason: review,
        address,
        key,
        localPart,
        domain,
        display,
        needsSmtpUtf8,
        normalised,
        index: start,
        length,
        raw,
      });
    }
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
      else this.entries.push(posing(entry));
    }
  }

  /** Everything collected, with the totals. */
  finish(truncated: boolean): Extraction {
    let [ok, review, rejected, duplicate] = [0, 0, 0, 0];
    for (const { verdict } of this.entries) {
      if (verdict === 'ok') ok++;
      else if (verdict === 'review') review++;
      else if (verdict === 'rejected') rejected++;
      else duplicate++;
    }
    return { entries: this.entries, totals: { ok, review, rejected, duplicate }, truncated };
  }

  private push(entry: ExtractedEntry): void {
    if (this.entries.length >= this.maxAddresses * entriesPerAddress) this.leftOut = true;
    else this.entries.push(entry);
  }

  private dropLast(): ExtractedEntry | undefined {
    const entry = this.entries.pop();
    if (entry?.verdict === 'ok' || entry?.verdict === 'review') this.firstByKey.delete(entry.key);
    return entry;
  }

  private restore(entry: ExtractedEntry): void {
    if (entry.verdict === 'ok' || entry.verdict === 'review') {
      this.firstByKey.set(entry.key, this.entries.length);
    }
    this.entries.push(entry);
  }
}

function endOf(entry: ExtractedEntry | undefined): number {
  return entry ? entry.index + entry.length : -1;
}

function posing({ index, length, raw }: ExtractedEntry): ExtractedEntry {
  return { index, length, raw, verdict: 'rejected', reason: 'display-name-address' };
}
