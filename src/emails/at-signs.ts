/** An at sign, as it is or as HTML and URLs spell it. */
export interface AtSign {
  /** Where it starts; the length of the text when there is none. */
  readonly at: number;
  readonly length: number;
}

const spellings = ['\uFF20', '\uFE6B', '%40', '&#64;', '&#x40;', '&commat;'];

/** Finds the at signs of a text one after another; each spelling is searched for once. */
export function createAtSigns(text: string): (from: number) => AtSign {
  const find = (spelling: string, from: number) => {
    const at = text.indexOf(spelling, from);
    return at < 0 ? text.length : at;
  };
  const refreshed = (at: number, spelling: string, from: number) =>
    at < from ? find(spelling, from) : at;
  const spelled = spellings.map(() => -1);
  let plain = -1;
  let first = -1;
  return (from) => {
    plain = refreshed(plain, '@', from);
    if (first < from) {
      first = text.length;
      spellings.forEach((spelling, index) => {
        const at = refreshed(spelled[index] ?? 0, spelling, from);
        spelled[index] = at;
        first = Math.min(first, at);
      });
    }
    if (plain <= first) return { at: plain, length: 1 };
    return { at: first, length: spellings[spelled.indexOf(first)]?.length ?? 1 };
  };
}
