import type { ByteWindow } from './byte-window.ts';
import type { Domains } from './domains.ts';
import { hashDomain } from './key-hash.ts';

const slotCount = 1_024;
const maxProbes = 4;
const maxSpelled = 32_768;

/** A domain as a text spells it, with the dots and hyphens that follow it. */
export interface MetDomain {
  /** Where that is kept. */
  readonly start: number;
  readonly length: number;
  /** In normal form; empty when it takes more than a look to say what to do with it. */
  readonly ascii: string;
  /** That of the normal form. */
  readonly hash: number;
  /** Whether it is spelled in normal form. */
  readonly isNormal: boolean;
}

const none: MetDomain = { start: 0, length: 0, ascii: '', hash: 0, isNormal: false };

/** The domains of one text, found again by their bytes: a string to look up would have to be made. */
export class MetDomains {
  private readonly domains: Domains;
  private readonly window: ByteWindow;
  private readonly slots: MetDomain[] = new Array(slotCount).fill(none);
  private readonly spelled: Uint8Array;
  private readonly spelledView: DataView;
  private used = 0;

  constructor(domains: Domains, window: ByteWindow) {
    this.domains = domains;
    this.window = window;
    this.spelled = new Uint8Array(Math.min(window.textLength, maxSpelled));
    this.spelledView = new DataView(this.spelled.buffer);
  }

  /** Judges the run of ASCII domain characters at `place` in the window; `hash` is that of its bytes. */
  judge(place: number, length: number, hash: number): MetDomain {
    let slot = hash ^ (hash >>> 15);
    for (let probe = 0; probe < maxProbes; probe++) {
      const met = this.slots[slot & (slotCount - 1)] ?? none;
      if (met.length === 0) break;
      if (met.length === length && this.isAt(place, met)) return met;
      slot++;
    }
    const met = this.meet(place, length);
    if (this.keep(place, length)) this.slots[slot & (slotCount - 1)] = met;
    return met;
  }

  // Four bytes at a time, which takes half the time.
  private isAt(place: number, { start, length }: MetDomain): boolean {
    const { spelled, spelledView } = this;
    const { bytes, view } = this.window;
    let offset = 0;
    for (; offset + 4 <= length; offset += 4) {
      if (view.getUint32(place + offset) !== spelledView.getUint32(start + offset)) return false;
    }
    while (offset < length && bytes[place + offset] === spelled[start + offset]) offset++;
    return offset === length;
  }

  private meet(place: number, length: number): MetDomain {
    let end = length;
    while (end > 0 && isJoiner(this.window.bytes[place + end - 1])) end--;
    const domain = this.window.textAt(place, end);
    const { ascii, fault, review } = this.domains.judge(domain);
    const usable = fault || review ? '' : ascii;
    return {
      start: this.used,
      length,
      ascii: usable,
      hash: hashDomain(ascii, 0),
      isNormal: ascii === domain,
    };
  }

  // What there is no room for is judged anew each time it comes.
  private keep(place: number, length: number): boolean {
    if (this.used + length > this.spelled.length) return false;
    for (let offset = 0; offset < length; offset++) {
      this.spelled[this.used + offset] = this.window.bytes[place + offset] ?? 0;
    }
    this.used += length;
    return true;
  }
}

function isJoiner(byte: number | undefined): boolean {
  return byte === 0x2e || byte === 0x2d;
}
