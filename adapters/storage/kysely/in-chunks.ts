// The widest row has 21 columns: below the engines' limits on bound parameters, 32,766 in SQLite.
const rowsPerStatement = 1000;

/** The rows, in pieces that one statement can take. */
export function inChunks<Row>(rows: readonly Row[]): readonly (readonly Row[])[] {
  return Array.from({ length: Math.ceil(rows.length / rowsPerStatement) }, (_, index) =>
    rows.slice(index * rowsPerStatement, (index + 1) * rowsPerStatement),
  );
}
