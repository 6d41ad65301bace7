import type { Scope } from './candidate.ts';
import type { AcceptedEntry } from './extraction.ts';
import { hashDomain, hashKey, hashStep, joinHashes } from './key-hash.ts';
import type { Ledger } from './ledger.ts';
import { plain, plainBits } from './plain-characters.ts';

const maxLocalPart = 64;
const maxDomain = 253;
const maxAddress = 254;
const slotCount = 1_024;
const maxProbes = 4;

const inLocalPart = plain.word | plain.joiner | plain.plus;
const atSign = 0x40;
const dot = 0x2e;
const hyphen = 0x2d;
const underscore = 0x5f;
const semicolon = 0x3b;
const colon = 0x3a;

interface Slot {
  /** Where the text has it first. */
  readonly index: number;
  /** How much of the text it takes; none when the slot is free. */
  readonly length: number;
  /** In normal form; empty when it takes more than a look to say what to do with it. */
  readonly ascii: string;
  /** That of the normal form. */
  readonly hash: number;
  /** Whether it is spelled in normal form. */
  readonly isNormal: boolean;
}

const noSlot: Slot = { index: 0, length: 0, ascii: '', hash: 0, isNormal: false };

/**
 * Reads the addresses about which there is nothing to decide: letters, digits and inner joiners on
 * both sides, between blanks and commas. Nearly all of a list and most of prose is like that, and
 * the long way takes several times as long. Whatever is not like that is left to the long way,
 * which would read these in the same way.
 */
export class PlainReader {
  private readonly scope: Scope;
  private readonly ledger: Ledger;
  // Asked for when a comma is met, because it takes reading the text once more.
  private hasUrl: boolean | undefined;
  private readonly slots: Slot[] = new Array(slotCount).fill(noSlot);
  // Results of the scans; fields, because an object for each address costs as much as reading it.
  private hasCapital = false;
  private domainEnd = 0;
  private localPartHash = 0;
  private domainHash = 0;

  constructor(scope: Scope, ledger: Ledger) {
    this.scope = scope;
    this.ledger = ledger;
  }

  /** Enters the address around the `@` at `at` and says where it ends; -1 leaves it to others. */
  read(at: number): number {
    const { text } = this.scope;
    if (text.charCodeAt(at) !== atSign) return -1;
    const start = this.localPartStart(at);
    if (start < 0 || !this.isSeparated(start) || !this.scanDomain(at + 1)) return -1;
    const { ascii, hash, isNormal } = this.usableDomain(at + 1);
    if (ascii === '' || at - start + 1 + ascii.length > maxAddress) return -1;
    const end = this.domainEnd;
    const raw = text.slice(start, end);
    const localPart = text.slice(start, at);
    const address = isNormal ? raw : `${localPart}@${ascii}`;
    const key = this.hasCapital ? `${localPart.toLowerCase()}@${ascii}` : address;
    // One literal, no spreads: they cost more than finding the address.
    const entry: AcceptedEntry = {
      verdict: 'ok',
      address,
      key,
      localPart,
      domain: ascii,
      needsSmtpUtf8: false,
      index: start,
      length: end - start,
      raw,
    };
    this.ledger.addAddress(
      entry,
      this.hasCapital ? hashKey(key) : joinHashes(this.localPartHash, hash),
    );
    return end;
  }

  // Where the dot-atom before `at` starts; -1 when there is none, or it is odd in any way.
  private localPartStart(at: number): number {
    const { text, floor } = this.scope;
    const lowest = Math.max(floor, at - maxLocalPart - 1);
    let start = at;
    let next = dot;
    let seen = 0;
    let hash = 0;
    while (start > lowest) {
      const code = text.charCodeAt(start - 1);
      const bits = plainBits(code);
      if ((bits & inLocalPart) === 0) break;
      // Two dots, or one before the at sign.
      if (code === dot && next === dot) return -1;
      seen |= bits;
      hash = hashStep(hash, code);
      next = code;
      start--;
    }
    this.localPartHash = hash;
    this.hasCapital = (seen & plain.capital) !== 0;
    return at - start <= maxLocalPart && (plainBits(next) & plain.word) !== 0 ? start : -1;
  }

  // Whether what precedes can neither belong to the address nor say what else it is.
  private isSeparated(start: number): boolean {
    const { text, floor, mailtoEnd, messageIdEnd } = this.scope;
    if (start === 0) return true;
    if (start === floor || floor === mailtoEnd || floor === messageIdEnd) return false;
    const before = text.charCodeAt(start - 1);
    if ((plainBits(before) & plain.leader) === 0) return false;
    if (before === 0x20) return start > 1 && followsWord(text.charCodeAt(start - 2));
    if (before < 0x20 || start - 1 === floor) return true;
    if (before === semicolon) return false;
    this.hasUrl ??= text.includes('://');
    return !this.hasUrl;
  }

  // Finds the end of the domain and its hash; false when it is odd in any way.
  private scanDomain(from: number): boolean {
    const { text } = this.scope;
    // Never behind the end of the text: reading there slows every later reading down.
    const highest = Math.min(from + maxDomain + 1, text.length);
    let hash = 0;
    let end = from;
    let endHash = 0;
    for (let index = from; index < highest; index++) {
      const code = text.charCodeAt(index);
      const bits = plainBits(code);
      hash = hashStep(hash, code);
      if ((bits & plain.word) !== 0) {
        end = index + 1;
        endHash = hash;
      } else if (code !== dot && code !== hyphen) {
        if ((bits & plain.follower) === 0) return false;
        break;
      }
    }
    this.domainEnd = end;
    this.domainHash = endHash;
    return end > from && end - from <= maxDomain;
  }

  private usableDomain(from: number): Slot {
    const { text, domains } = this.scope;
    const hash = this.domainHash;
    const length = this.domainEnd - from;
    let place = hash ^ (hash >>> 15);
    for (let probe = 0; probe < maxProbes; probe++) {
      const slot = this.slots[place & (slotCount - 1)] ?? noSlot;
      if (slot.length === 0) break;
      if (slot.length === length && isRepeated(text, slot, from)) return slot;
      place++;
    }
    const spelled = text.slice(from, this.domainEnd);
    const { ascii, fault, review } = domains.judge(spelled);
    const usable = fault || review ? '' : ascii;
    const made = {
      index: from,
      length,
      ascii: usable,
      hash: hashDomain(ascii),
      isNormal: ascii === spelled,
    };
    this.slots[place & (slotCount - 1)] = made;
    return made;
  }
}

// Within one text: a string of its own may be stored in another way, and take twice as long.
function isRepeated(text: string, { index, length }: Slot, from: number): boolean {
  let offset = 0;
  while (offset < length && text.charCodeAt(from + offset) === text.charCodeAt(index + offset)) {
    offset++;
  }
  return offset === length;
}

// Behind a colon, an equals sign or a further blank, a header name may say what it is.
function followsWord(code: number): boolean {
  return code > 0x20 && code !== colon && code !== 0x3d && code !== underscore;
}
