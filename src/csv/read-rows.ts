import Papa from 'papaparse';

/** A record of a CSV file. */
export interface CsvRow {
  /** Where it starts; the first line is 1. */
  readonly line: number;
  /** As they stand in the file, without their quotes. */
  readonly cells: readonly string[];
  /** Whether its quotes do not pair, so that nobody knows where its cells end. */
  readonly isBroken: boolean;
}

/** Text with `\n` as its only line break, and what is read of it. */
export interface CsvText {
  readonly text: string;
  /** How many lines stood before it. */
  readonly skippedLines: number;
}

// The parser looks at a run of blanks once for every quote before it.
const longBlanks = /[^\S\n]{101,}/g;
const longBlanksBetweenTabs = /[^\S\n\t]{101,}/g;

// Excel writes `sep=;` in front, and hides it.
const beforeHeader = /^(?:[^\S\n]*\n)*(?:"?sep=[^\n]{1,2}\n(?:[^\S\n]*\n)*)?/i;

/** Removes what may stand before the header: a byte order mark, `sep=;` and empty lines. */
export function toCsvText(file: string): CsvText {
  const even = file.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const [before = ''] = beforeHeader.exec(even) ?? [];
  return { text: even.slice(before.length), skippedLines: countLines(before) };
}

/** Splits a text into rows, or reads only the first `most` of them. */
export function readRows(
  { text, skippedLines }: CsvText,
  delimiter: string,
  most = 0,
): readonly CsvRow[] {
  const short = text.replace(longBlanks, (blanks, start: number) => {
    // Tabs between cells count; at the end of a line they only add empty cells.
    const isInside = delimiter === '\t' && /[^\n]/.test(text.charAt(start + blanks.length));
    return isInside ? blanks.replace(longBlanksBetweenTabs, shorten) : shorten(blanks);
  });
  const { data, errors } = Papa.parse<string[]>(short, { delimiter, newline: '\n', preview: most });
  const broken = new Set(errors.map(({ row }) => row));
  let line = skippedLines + 1;
  return data.map((cells, index) => {
    const row = { line, cells, isBroken: broken.has(index) };
    line += 1 + cells.reduce((sum, cell) => sum + countLines(cell), 0);
    return row;
  });
}

// The first and the last blank stay: a guarded cell is told by them.
function shorten(blanks: string): string {
  return blanks.slice(0, 99) + blanks.slice(-1);
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}
