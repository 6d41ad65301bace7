/**
 * The apostrophe that keeps a cell from being a formula, as a code: `guarded` puts one in front of
 * everything that could start a formula where a cell starts or could start, even if an apostrophe
 * is there already; `unguarded` takes one away at the same places.
 *
 * Both find the same places: apostrophes count among what is skipped, so putting one in changes
 * nothing about what can start a formula.
 */

// Signs, their full-width, small and typographic forms too.
const sign = /^[=+\-@\uFE62\uFE63\uFE66\uFE6B\uFF0B\uFF0D\uFF1D\uFF20\u2212]/;
// A spreadsheet skips blanks, control and invisible characters, and quotes that close at once.
const skipped = /^[\s\p{Cc}\p{Cf}'"]/u;
// A spreadsheet of another country splits at another separator.
const separators = ',;\t|\r\n';
// Some take a control character in front for more than a blank.
const controlFirst = /^'*[\t\r\n]/;

/** Text that opens no formula, wherever a spreadsheet splits it. */
export function guarded(text: string): string {
  return split(text).join("'");
}

/** The text that was guarded. */
export function unguarded(cell: string): string {
  if (!cell.includes("'")) return cell;
  return split(cell)
    .map((part, index) => (index > 0 && part.startsWith("'") ? part.slice(1) : part))
    .join('');
}

/** Splits a text before everything that could open a formula; the first part is what is before. */
function split(text: string): readonly string[] {
  const parts: string[] = [];
  let isOpening = false;
  let end = text.length;
  let index = text.length;
  // From the end: what a run of blanks leads to is known when its first one is reached.
  for (const character of [...text].reverse()) {
    index -= character.length;
    isOpening = sign.test(character) || (isOpening && skipped.test(character));
    const isStart = index === 0 || separators.includes(text.charAt(index - 1));
    if (isStart && (isOpening || (index === 0 && controlFirst.test(text)))) {
      parts.push(text.slice(index, end));
      end = index;
    }
  }
  return [...parts, text.slice(0, end)].reverse();
}
