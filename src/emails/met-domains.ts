import type { ByteWindow } from './byte-window.ts';
import type { Domains } from './domains.ts';
import { hashDomain } from './key-hash.ts';
import { plain, plainBits } from './plain-characters.ts';

const slotCount = 1_024;
const slotShift = 22;
const maxProbes = 8;
const maxSpelled = 8_192;
// As many bytes as are compared at once; a domain with a delegated end has no fewer.
const wordLength = 4;
const maxDomain = 253;
const colon = 0x3a;
const space = 0x20;
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

/**
 * The domains of one text, found again by their bytes: a string to look up would have to be made. How
 * they start says where to look.
 */
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
    const first = spread(this.view.getInt32(place));
    for (let probe = 0; probe < maxProbes; probe++) {
      const slot = (first + probe) & (slotCount - 1);
      const met = this.slots[slot] ?? none;
      if (met.length === 0) return this.meet(place, slot);
      if (this.isAt(place, met) && this.isEnd(place + met.length)) return met;
    }
    return this.meet(place, undefined);
  }

  // Four bytes at a time, from the end, where domains that start in the same way differ; the first
  // four may be compared in part twice.
  private isAt(place: number, { start, length }: MetDomain): boolean {
    const { view, spelledView } = this;
    for (let offset = length - wordLength; offset > 0; offset -= wordLength) {
      if (view.getInt32(place + offset) !== spelledView.getInt32(start + offset)) return false;
    }
    return view.getInt32(place) === spelledView.getInt32(start);
  }

  // Behind a colon that something follows, a host has a port or a path.
  private isEnd(place: number): boolean {
    const code = this.bytes[place] ?? 0;
    if ((plainBits(code) & plain.follower) !== 0) return true;
    return code === colon && (this.bytes[place + 1] ?? 0) <= space;
  }

  private meet(place: number, slot: number | undefined): MetDomain {
    const length = this.lengthAt(place);
    if (length > maxDomain || length < wordLength || !this.isEnd(place + length)) return none;
    const met = this.judge(place, length);
    if (slot !== undefined && this.keep(place, length)) this.slots[slot] = met;
    return met;
  }

  private lengthAt(place: number): number {
    let end = place;
    while ((plainBits(this.bytes[end] ?? 0) & inDomain) !== 0) end++;
    return end - place;
  }

  private judge(place: number, length: number): MetDomain {
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

// The upper bits of a product depend on all of its factors' bits.
function spread(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> slotShift;
}

function isJoiner(byte: number | undefined): boolean {
  return byte === 0x2e || byte === 0x2d;
}
