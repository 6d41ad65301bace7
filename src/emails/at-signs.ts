// The last four stand for an at sign in HTML and in URLs; what they join is reported, not decoded.
const signs = ['@', '\uFF20', '\uFE6B', '&#64;', '&#x40;', '&commat;', '%40'];

/** Finds at signs from left to right; every position must be asked for in rising order. */
export interface AtSigns {
  /** The position of the first at sign at or after `from`, or the length of the text. */
  next(from: number): number;
}

/** Searches for every spelling with its own `indexOf`, so that text without one is skipped. */
export function findAtSigns(text: string): AtSigns {
  const positions = signs.map((sign) => positionOf(text, sign, 0));
  return {
    next(from) {
      let first = text.length;
      for (let index = 0; index < signs.length; index++) {
        let position = positions[index] ?? text.length;
        if (position < from) {
          position = positionOf(text, signs[index] ?? '', from);
          positions[index] = position;
        }
        if (position < first) first = position;
      }
      return first;
    },
  };
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
