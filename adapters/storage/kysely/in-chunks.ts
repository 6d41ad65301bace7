// The widest row has 21 columns: below the engines' limits on bound parameters, 32,766 in SQLite.
const rowsPerStatement = 1000;

/** As many as an OR may have: SQLite reads expressions to a depth of 1,000. */
export const mostAlternatives = 500;

/** The rows, in pieces that one statement can take. */
export function inChunks<Row>(
  rows: readonly Row[],
  size = rowsPerStatement,
): readonly (readonly Row[])[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}
