import { unguarded } from './formula-guard.ts';

const blank = /^[\s\p{Cf}]$/u;

/** A cell without the apostrophes that keep it from being a formula, and without blanks around it. */
export function cleanCell(cell: string): string {
  return withoutBlanksAround(unguarded(cell));
}

// An expression for the blanks at the end would look at every run of blanks again and again.
function withoutBlanksAround(text: string): string {
  let start = 0;
  let end = text.length;
  for (const character of text) {
    if (!blank.test(character)) break;
    start += character.length;
  }
  while (end > start) {
    const size = end > 1 && (text.codePointAt(end - 2) ?? 0) > 0xffff ? 2 : 1;
    if (!blank.test(text.slice(end - size, end))) break;
    end -= size;
  }
  return text.slice(start, end);
}
