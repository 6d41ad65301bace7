// The last four stand for an at sign in HTML and in URLs; what they join is reported, not decoded.
const wideSigns = ['\uFF20', '\uFE6B'];
const entities = ['&#64;', '&#x40;', '&commat;'];
const escaped = ['%40'];

/**
 * Finds at signs from left to right. Every spelling is searched for with its own `indexOf`, so that
 * text without one is skipped.
 */
export class AtSigns {
  private readonly text: string;
  private readonly spellings: readonly string[];
  private readonly positions: number[];

  constructor(text: string) {
    this.text = text;
    // Hardly any text has another spelling than `@`, and then nothing else is looked for.
    const others = [
      ...wideSigns,
      ...(text.includes('&') ? entities : []),
      ...(text.includes('%') ? escaped : []),
    ];
    this.spellings = ['@', ...others.filter((sign) => text.includes(sign))];
    this.positions = this.spellings.map(() => -1);
  }

  /**
   * The position of the first at sign at or after `from`, or the length of the text. Every position
   * must be asked for in rising order.
   */
  next(from: number): number {
    if (this.spellings.length === 1) return positionOf(this.text, '@', from);
    let first = this.text.length;
    for (let index = 0; index < this.spellings.length; index++) {
      let position = this.positions[index] ?? -1;
      // A spelling is searched for again only behind where it was found: that keeps all linear.
      if (position < from) {
        position = positionOf(this.text, this.spellings[index] ?? '', from);
        this.positions[index] = position;
      }
      if (position < first) first = position;
    }
    return first;
  }
}

// The length of the text stands for "no more", so that an exhausted spelling is not searched again.
function positionOf(text: string, sign: string, from: number): number {
  const position = text.indexOf(sign, from);
  return position < 0 ? text.length : position;
}

/** Whether a code unit is an at sign by itself. */
export function isAtSign(code: number): boolean {
  return code === 0x40 || code === 0xff20 || code === 0xfe6b;
}

/** The length of the at sign at `at`, in any spelling. */
export function atSignLength(text: string, at: number): number {
  if (isAtSign(text.charCodeAt(at))) return 1;
  return text.charCodeAt(at) === 0x25 ? 3 : text.indexOf(';', at) + 1 - at;
}
