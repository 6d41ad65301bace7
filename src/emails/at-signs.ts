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

// Little enough to stay in a processor's cache while it is searched once for every spelling.
const partLength = 131_072;

/** Finds at signs from left to right, in every spelling. Text without one is skipped by `indexOf`. */
export class AtSigns {
  private readonly text: string;
  private part = '';
  private partStart = 0;
  private partEnd = 0;
  // Where in the part the next one of each spelling is; nothing when there is only `@` in it.
  private found: { readonly spelling: Spelling; position: number }[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /**
   * The position of the first at sign at or after `from`, or the length of the text. Every position
   * must be asked for in rising order.
   */
  next(from: number): number {
    let start = from;
    while (start < this.text.length) {
      if (start >= this.partEnd) this.enter(start);
      const position = this.nextInPart(start - this.partStart);
      if (position >= 0) return position + this.partStart;
      start = this.partEnd;
    }
    return this.text.length;
  }

  private enter(start: number): void {
    const part = this.text.slice(start, start + partLength);
    this.part = part;
    this.partStart = start;
    this.partEnd = start + part.length;
    const present = others.filter(({ first }) => part.includes(first));
    this.found =
      present.length === 0
        ? []
        : [plainSign, ...present].map((spelling) => ({ spelling, position: -1 }));
  }

  // -1 when the part has no more.
  private nextInPart(from: number): number {
    // Hardly any part has another spelling.
    if (this.found.length === 0) return this.part.indexOf('@', from);
    let nearest = this.part.length;
    for (const found of this.found) {
      // Searched for again only behind where it was found: that keeps all linear.
      if (found.position < from) found.position = this.find(found.spelling, from);
      if (found.position < nearest) nearest = found.position;
    }
    return nearest < this.part.length ? nearest : -1;
  }

  private find({ first, rests }: Spelling, from: number): number {
    let position = this.part.indexOf(first, from);
    while (position >= 0 && rests.length > 0 && !this.goesOn(rests, position + 1)) {
      position = this.part.indexOf(first, position + 1);
    }
    // The length of the part stands for "no more", so that it is not searched again.
    return position < 0 ? this.part.length : position;
  }

  private goesOn(rests: readonly string[], position: number): boolean {
    const at = this.partStart + position;
    for (const rest of rests) if (this.text.startsWith(rest, at)) return true;
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
