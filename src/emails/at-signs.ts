/** An at sign, as it is or as HTML and URLs spell it. */
export interface AtSign {
  /** Where it starts; the length of the text when there is none. */
  readonly at: number;
  readonly length: number;
}

const spelled = ['\uFF20', '\uFE6B', '%40', '&#64;', '&#x40;', '&commat;'];

/** Finds the at signs of a text one after another; each spelling is searched for once. */
export class AtSigns {
  private readonly text: string;
  private readonly spelledAt = spelled.map(() => -1);
  private plainAt = -1;
  private nextSpelled = -1;

  constructor(text: string) {
    this.text = text;
  }

  /** The first at sign from `from` on, which never goes back. */
  next(from: number): AtSign {
    if (this.plainAt < from) this.plainAt = this.find('@', from);
    if (this.nextSpelled < from) this.findSpelled(from);
    if (this.plainAt <= this.nextSpelled) return { at: this.plainAt, length: 1 };
    const found = spelled[this.spelledAt.indexOf(this.nextSpelled)] ?? '';
    return { at: this.nextSpelled, length: found.length };
  }

  private findSpelled(from: number): void {
    for (const [index, spelling] of spelled.entries()) {
      if ((this.spelledAt[index] ?? 0) < from) this.spelledAt[index] = this.find(spelling, from);
    }
    this.nextSpelled = Math.min(...this.spelledAt);
  }

  private find(spelling: string, from: number): number {
    const at = this.text.indexOf(spelling, from);
    return at < 0 ? this.text.length : at;
  }
}
