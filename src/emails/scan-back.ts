import { asciiKind, wideKind } from './characters.ts';

/**
 * Where the run of local-part characters that ends before `end` starts. Never looks before
 * `floor`, the end of what an earlier at sign took: that keeps all scans together linear.
 */
export function scanBack(text: string, end: number, floor: number): number {
  let start = end;
  while (start > floor) {
    const code = text.charCodeAt(start - 1);
    const width = code < 128 ? Math.sign(asciiKind(code)) : wideWidth(text, start, floor);
    if (width === 0) break;
    start -= width;
  }
  return start;
}

// How many code units the character before `end` takes in a local part; none when it is a boundary.
function wideWidth(text: string, end: number, floor: number): number {
  const codePoint = codePointBefore(text, end, floor);
  const wide = wideKind(codePoint);
  if (wide === 'boundary' || wide === 'stop') return 0;
  return codePoint > 0xffff ? 2 : 1;
}

/** The code point that ends before `end`; a surrogate without its partner stands for itself. */
export function codePointBefore(text: string, end: number, floor: number): number {
  const low = text.charCodeAt(end - 1);
  if (low < 0xdc00 || low > 0xdfff || end - 2 < floor) return low;
  const pair = text.codePointAt(end - 2) ?? low;
  return pair > 0xffff ? pair : low;
}
