interface Spelling {
  readonly first: string;
  /** How it goes on; nothing when the first character says it all. */
  readonly rests: readonly string[];
}

const plainSign: Spelling = { first: '@', rests: [] };
// The last ones are escapes of HTML and URLs; what they join is reported, not decoded.
const others: readonly Spelling[] = [
  { first: '\uFF20', rests: [] },
  { first: '\uFE6B', rests: [] },
  { first: '&', rests: ['#64;', '#x40;', 'commat;'] },
  { first: '%', rests: ['40'] },
];

/** Finds at signs from left to right, in every spelling. Text without one is skipped by `indexOf`. */
export class AtSigns {
  private readonly text: string;
  // Where the next one of each spelling is; nothing when `@` is the only one, as in nearly every text.
  private readonly found: { readonly spelling: Spelling; position: number }[];

  constructor(text: string) {
    this.text = text;
    const present = others.filter(({ first }) => text.includes(first));
    const spellings = present.length === 0 ? [] : [plainSign, ...present];
    this.found = spellings.map((spelling) => ({ spelling, position: -1 }));
  }

  /**
   * The position of the first at sign at or after `from`, or the length of the text. Every position
   * must be asked for in rising order.
   */
  next(from: number): number {
    if (this.found.length === 0) {
      const position = this.text.indexOf('@', from);
      return position < 0 ? this.text.length : position;
    }
    let nearest = this.text.length;
    for (const found of this.found) {
      // Searched for again only behind where it was found: that keeps all linear.
      if (found.position < from) found.position = this.find(found.spelling, from);
      if (found.position < nearest) nearest = found.position;
    }
    return nearest;
  }

  // The length of the text stands for "no more", so that it is not searched again.
  private find({ first, rests }: Spelling, from: number): number {
    let position = this.text.indexOf(first, from);
    while (position >= 0 && rests.length > 0 && !this.goesOn(rests, position + 1)) {
      position = this.text.indexOf(first, position + 1);
    }
    return position < 0 ? this.text.length : position;
  }

  private goesOn(rests: readonly string[], position: number): boolean {
    for (const rest of rests) if (this.text.startsWith(rest, position)) return true;
    return false;
  }
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
