const around = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;

/**
 * What may start a formula in a spreadsheet: signs, their full-width, small and typographic forms
 * too, also behind what a spreadsheet skips; and the control characters that some take for more.
 */
export const formulaStart =
  /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@\uFE62\uFE63\uFE66\uFE6B\uFF0B\uFF0D\uFF1D\uFF20\u2212])/u;

/** A cell without blanks around it, and without the apostrophe that keeps it from being a formula. */
export function cleanCell(cell: string): string {
  const bare = cell.replace(around, '');
  const rest = bare.slice(1);
  return bare.startsWith("'") && formulaStart.test(rest) ? rest.replace(around, '') : bare;
}
