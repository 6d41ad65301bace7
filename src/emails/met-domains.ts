import type { ByteWindow } from './byte-window.ts';
import type { Domains } from './domains.ts';
import { hashDomain, hashStep } from './key-hash.ts';
import { plain, plainBits } from './plain-characters.ts';

const slotCount = 1_024;
const maxProbes = 4;
const maxSpelled = 8_192;
// As many bytes as are compared at once; a domain with a delegated end has no fewer.
const wordLength = 4;
const maxDomain = 253;
const inDomain = plain.word | plain.joiner;

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
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly slots: MetDomain[] = new Array(slotCount).fill(none);
  private readonly spelled: Uint8Array;
  private readonly spelledView: DataView;
  private used = 0;

  constructor(domains: Domains, window: ByteWindow) {
    this.domains = domains;
    this.window = window;
    this.bytes = window.bytes;
    this.view = window.view;
    this.spelled = new Uint8Array(maxSpelled);
    this.spelledView = new DataView(this.spelled.buffer);
  }

  /** The domain that starts at `place` in the window; an unusable one when it is odd in any way. */
  at(place: number): MetDomain {
    const { bytes } = this;
    let end = place;
    let hash = 0;
    let code = bytes[end] ?? 0;
    let bits = plainBits(code);
    while ((bits & inDomain) !== 0) {
      hash = hashStep(hash, code);
      code = bytes[++end] ?? 0;
      bits = plainBits(code);
    }
    const length = end - place;
    const isOdd = (bits & plain.follower) === 0 || length > maxDomain || length < wordLength;
    return isOdd ? none : this.judge(place, length, hash);
  }

  private judge(place: number, length: number, hash: number): MetDomain {
    let slot = hash ^ (hash >>> 15);
    for (let probe = 0; probe < maxProbes; probe++) {
      const met = this.slots[slot & (slotCount - 1)] ?? none;
      if (met.length === length && this.isAt(place, met)) return met;
      if (met.length === 0) break;
      slot++;
    }
    const met = this.meet(place, length);
    if (this.keep(place, length)) this.slots[slot & (slotCount - 1)] = met;
    return met;
  }

  // Four bytes at a time, the last four of which may have been compared already.
  private isAt(place: number, { start, length }: MetDomain): boolean {
    const { view, spelledView } = this;
    const last = length - wordLength;
    for (let offset = 0; offset < last; offset += wordLength) {
      if (view.getInt32(place + offset) !== spelledView.getInt32(start + offset)) return false;
    }
    return view.getInt32(place + last) === spelledView.getInt32(start + last);
  }

  private meet(place: number, length: number): MetDomain {
    let end = length;
    while (end > 0 && isJoiner(this.bytes[place + end - 1])) end--;
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
      this.spelled[this.used + offset] = this.bytes[place + offset] ?? 0;
    }
    this.used += length;
    return true;
  }
}

function isJoiner(byte: number | undefined): boolean {
  return byte === 0x2e || byte === 0x2d;
}
