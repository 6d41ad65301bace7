import type { Scope } from './candidate.ts';
import { isLineBreak } from './line-break.ts';
import { plain, plainBits, wideBlankByte, wideBoundaryByte } from './plain-characters.ts';

// Between a header name and its value, and between a URL's slashes and what is in front of its host.
const maxLabelGap = 48;
const maxSlashGap = 64;

// A line break and the blank behind it: what precedes them is an address.
const maxFold = 3;

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const apostrophe = 0x27;
const openParenthesis = 0x28;
const closeParenthesis = 0x29;
const comma = 0x2c;
const hyphen = 0x2d;
const dot = 0x2e;
const slash = 0x2f;
const colon = 0x3a;
const semicolon = 0x3b;
const openAngle = 0x3c;
const equals = 0x3d;
const closeAngle = 0x3e;
const backslash = 0x5c;
const closeBracket = 0x5d;
// Capitals are letters with one bit less.
const lowerCase = 0x20;
const [a, d, e, g, i, l, m, o, r, s, t] = [
  0x61, 0x64, 0x65, 0x67, 0x69, 0x6c, 0x6d, 0x6f, 0x72, 0x73, 0x74,
];

/** What precedes a plain address. */
export class PlainFront {
  private readonly scope: Scope;
  private readonly bytes: Uint8Array;

  constructor(scope: Scope, bytes: Uint8Array) {
    this.scope = scope;
    this.bytes = bytes;
  }

  /**
   * Whether it can neither belong to the address nor say what else it is; `start` is where the
   * address starts in the text, and `place` where in the bytes.
   */
  isSeparate(place: number, start: number): boolean {
    if (start === 0) return true;
    const { floor, mailtoEnd, messageIdEnd } = this.scope;
    if (start <= floor || floor === mailtoEnd || floor === messageIdEnd) return false;
    const before = this.bytes[place - 2] ?? 0;
    const gap = start - floor;
    switch (this.bytes[place - 1]) {
      case space:
        return isWordEnd(before) ? !this.maySpellDot(place) : !this.mayGoOn(place, gap);
      case tab:
        return gap === 1 || !this.mayGoOn(place, gap);
      case lineFeed:
      case carriageReturn:
        return gap === 1 || !this.mayFollowLine(place, gap);
      case openAngle:
        return !this.mayFollowLabel(place, gap);
      case quote:
        return !isInQuotedWord(before) && !this.mayFollowLabel(place, gap);
      case comma:
      case openParenthesis:
        return gap === 1 || !this.mayFollowSlashes(place, gap);
      case semicolon:
        // It may end a character that is spelled with several others.
        return gap === 1;
      default:
        return false;
    }
  }

  // Whether the blank before it may fold a line, or follow a header name.
  private mayGoOn(place: number, gap: number): boolean {
    if (isLineBreak(this.bytes[place - 2] ?? 0)) return gap > maxFold;
    return this.mayFollowLabel(place, gap);
  }

  // Whether a word may go on behind the line break before it, or a header name stand there.
  private mayFollowLine(place: number, gap: number): boolean {
    const isPair = this.bytes[place - 1] === lineFeed && this.bytes[place - 2] === carriageReturn;
    return this.bytes[place - (isPair ? 3 : 2)] === hyphen || this.mayFollowLabel(place, gap);
  }

  // Whether a header name that makes a message id of an address may stand before it, or a line that
  // goes on there.
  private mayFollowLabel(place: number, gap: number): boolean {
    const lowest = place - Math.min(gap, maxLabelGap);
    let last = place - 1;
    while (last >= lowest && isPadding(this.bytes[last] ?? 0)) last--;
    if (last < lowest) return false;
    const code = this.bytes[last];
    if (code === colon) return this.mayNameId(last);
    return code === equals || code === wideBlankByte || this.mayBeLabel(last);
  }

  // `Message ID`, `In message` and `In article` need no colon.
  private mayBeLabel(place: number): boolean {
    const letter = (this.bytes[place] ?? 0) | lowerCase;
    const before = (this.bytes[place - 1] ?? 0) | lowerCase;
    if (letter === d) return before === i && !isInWord(this.bytes[place - 2] ?? 0);
    if (letter !== e || (before !== g && before !== l)) return false;
    const first = (this.bytes[place - 6] ?? 0) | lowerCase;
    return first === m || first === a;
  }

  // Whether the blank before it may stand behind a dot in brackets: `[.]`, `(dot)`.
  private maySpellDot(place: number): boolean {
    if (!isClosing(this.bytes[place - 2] ?? 0)) return false;
    const code = this.bytes[place - 3] ?? 0;
    return code === dot || (code | lowerCase) === t;
  }

  // All such names end in one of these letters.
  private mayNameId(place: number): boolean {
    const lowest = place - maxLabelGap;
    let last = place - 1;
    while (last > lowest && isBlankOrQuote(this.bytes[last] ?? 0)) last--;
    const letter = (this.bytes[last] ?? 0) | lowerCase;
    if (letter === r) return ((this.bytes[last - 1] ?? 0) | lowerCase) === o;
    return letter === d || letter === o || letter === s || letter >= wideBoundaryByte;
  }

  // Whether the word that goes on at `place` may be a URL with a user name.
  private mayFollowSlashes(place: number, gap: number): boolean {
    const length = Math.min(gap, maxSlashGap);
    for (let back = 1; back <= length; back++) {
      const code = this.bytes[place - back] ?? 0;
      if (code === slash) return true;
      if (isWordBreak(code)) return false;
    }
    return length === maxSlashGap;
  }
}

// Behind a colon, an equals sign or a further blank, a header name may say what it is.
function isWordEnd(code: number): boolean {
  return code > space && code !== colon && code !== equals && code !== wideBlankByte;
}

function isClosing(code: number): boolean {
  return code === closeParenthesis || code === closeBracket;
}

// A backslash may make another letter of it.
function isInQuotedWord(code: number): boolean {
  return code === backslash || isInWord(code);
}

// Numbers in circles end a run, but count as part of a word.
function isInWord(code: number): boolean {
  return code >= wideBoundaryByte || (plainBits(code) & plain.word) !== 0;
}

function isPadding(code: number): boolean {
  return isBlankOrQuote(code) || code === openAngle;
}

function isBlankOrQuote(code: number): boolean {
  return code <= space || code === quote || code === apostrophe;
}

function isWordBreak(code: number): boolean {
  if (code <= space) return code === space || (code >= tab && code <= carriageReturn);
  return code === quote || code === openAngle || code === closeAngle;
}
