/** An at sign, as it is or as HTML and URLs spell it. */
export interface AtSign {
  /** Where it starts; the length of the text when there is none. */
  readonly at: number;
  readonly length: number;
}

const spellings = ['@', '\uFF20', '\uFE6B', '%40', '&#64;', '&#x40;', '&commat;'];

/** Finds the at signs of a text one after another; each spelling is searched for once. */
export function createAtSigns(text: string): (from: number) => AtSign {
  const next = spellings.map(() => -1);
  const find = (spelling: string, from: number) => {
    const at = text.indexOf(spelling, from);
    return at < 0 ? text.length : at;
  };
  return (from) => {
    for (const [index, at] of next.entries()) {
      if (at < from) next[index] = find(spellings[index] ?? '', from);
    }
    const at = Math.min(...next);
    return { at, length: spellings[next.indexOf(at)]?.length ?? 1 };
  };
}
