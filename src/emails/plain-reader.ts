import { atSignLength } from './at-signs.ts';
import { ByteWindow } from './byte-window.ts';
import type { Scope } from './candidate.ts';
import type { AcceptedEntry } from './extraction.ts';
import { hashKey, hashStep, joinHashes } from './key-hash.ts';
import type { Ledger } from './ledger.ts';
import { isLineBreak } from './line-break.ts';
import { MetDomains } from './met-domains.ts';
import { plain, plainBits } from './plain-characters.ts';
import { PlainFront } from './plain-front.ts';
import { takeDisplayName } from './take-display-name.ts';

const maxLocalPart = 64;
const maxAddress = 254;
// Blanks around an at sign.
const maxGap = 3;

const inLocalPart = plain.word | plain.joiner | plain.sign;
const inAddress = inLocalPart | plain.wide;
const atSign = 0x40;
const dot = 0x2e;
const hyphen = 0x2d;
// Capitals are letters with one bit less.
const lowerCase = 0x20;
const [c, i, m] = [0x63, 0x69, 0x6d];
const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const openAngle = 0x3c;

/**
 * Reads the addresses about which there is nothing to decide: letters, digits and inner joiners on
 * both sides, between blanks, commas or brackets. Nearly all of a list and most of prose is like that,
 * and the long way takes several times as long. Whatever is not like that is left to the long way,
 * which would read these in the same way.
 */
export class PlainReader {
  private readonly scope: Scope;
  private readonly ledger: Ledger;
  private readonly window: ByteWindow;
  private readonly bytes: Uint8Array;
  private readonly front: PlainFront;
  private readonly domains: MetDomains;
  // Results of the scan; fields, because an object for each address costs as much as reading it.
  private hasCapital = false;
  private localPartHash = 0;

  constructor(scope: Scope, ledger: Ledger) {
    this.scope = scope;
    this.ledger = ledger;
    this.window = new ByteWindow(scope.text);
    this.bytes = this.window.bytes;
    this.front = new PlainFront(scope, this.bytes);
    this.domains = new MetDomains(scope.domains, this.window);
  }

  /**
   * Enters the address around the at sign at `at` and says where it ends; there is nothing to enter
   * when the sign is a word of its own. -1 leaves it to others.
   */
  read(at: number): number {
    const place = this.window.placeOf(at);
    const before = this.localPartLength(place);
    if (
      before === 0 ||
      this.mayBeEncapsulated(place - before) ||
      !this.front.isSeparate(place - before, at - before)
    ) {
      const alone = this.loneSignLength(place, at);
      return alone > 0 ? at + alone : -1;
    }
    const { ascii, hash, isNormal, length: spelled } = this.domains.at(place + 1);
    const length = before + 1 + ascii.length;
    if (ascii === '' || length > maxAddress || this.mayBeFolded(place + 1 + spelled)) return -1;
    const index = at - before;
    const { text } = this.scope;
    const raw = text.slice(index, index + length);
    const localPart = text.slice(index, at);
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
      index,
      length,
      raw,
    };
    const display = this.mayBeBehindAngle(place - before - 1)
      ? takeDisplayName(this.scope, this.ledger, { start: index, key, isEmpty: false })
      : undefined;
    this.ledger.addAddress(
      display === undefined ? entry : { ...entry, display },
      this.hasCapital ? hashKey(key) : joinHashes(this.localPartHash, hash),
    );
    return index + length;
  }

  // Whether Exchange may have made the name that starts at `place` of something else: `IMCEAFAX-…`.
  private mayBeEncapsulated(place: number): boolean {
    const { bytes } = this;
    if (((bytes[place] ?? 0) | lowerCase) !== i) return false;
    return (
      ((bytes[place + 1] ?? 0) | lowerCase) === m && ((bytes[place + 2] ?? 0) | lowerCase) === c
    );
  }

  // Whether `<` may be in front of the address, up to a few blanks and invisible characters.
  private mayBeBehindAngle(place: number): boolean {
    const { bytes } = this;
    if (bytes[place] !== space) return bytes[place] === openAngle;
    const before = bytes[place - 1] ?? 0;
    return before === openAngle || before === space || before > 0x7f;
  }

  // Whether the line that ends at `place` may go on in the next one.
  private mayBeFolded(place: number): boolean {
    const { bytes } = this;
    const code = bytes[place];
    if (!isLineBreak(code ?? 0)) return false;
    const isPair = code === carriageReturn && bytes[place + 1] === lineFeed;
    const next = bytes[place + (isPair ? 2 : 1)];
    return next === space || next === tab || next === dot || bytes[place - 1] === hyphen;
  }

  // How long the dot-atom before the `@` at `place` is; none when it is odd in any way.
  private localPartLength(place: number): number {
    const { bytes } = this;
    if (bytes[place] !== atSign) return 0;
    let start = place - 1;
    let code = bytes[start] ?? 0;
    let bits = plainBits(code);
    let next = dot;
    let seen = 0;
    let hash = 0;
    while ((bits & inLocalPart) !== 0) {
      // Two dots, or one before the at sign.
      if (code === dot && next === dot) return 0;
      seen |= bits;
      hash = hashStep(hash, code);
      next = code;
      code = bytes[--start] ?? 0;
      bits = plainBits(code);
    }
    this.localPartHash = hash;
    this.hasCapital = (seen & plain.capital) !== 0;
    const length = place - 1 - start;
    return length <= maxLocalPart && (plainBits(next) & plain.word) !== 0 ? length : 0;
  }

  // How long the at sign is; none when a local part may end before it, or a domain start behind it.
  private loneSignLength(place: number, at: number): number {
    const { bytes } = this;
    const length = bytes[place] === atSign ? 1 : atSignLength(this.scope.text, at);
    const next = bytes[place + length] ?? 0;
    if (next === atSign || (plainBits(next) & inAddress) !== 0) return 0;
    let before = place - 1;
    while (bytes[before] === space && before >= place - maxGap) before--;
    const bits = plainBits(bytes[before] ?? 0);
    const isWordEnd = (bits & (inAddress | plain.loud)) !== 0;
    return isWordEnd && at - (place - before) >= this.scope.floor ? 0 : length;
  }
}
