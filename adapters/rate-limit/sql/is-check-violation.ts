// How each driver says that a CHECK constraint refused a statement.
const signs: readonly { readonly field: string; readonly value: string | number }[] = [
  { field: 'code', value: 'SQLITE_CONSTRAINT_CHECK' }, // better-sqlite3
  { field: 'errcode', value: 275 }, // node:sqlite: SQLite's extended result code
];

/** Whether a statement was refused by a CHECK constraint. */
export function isCheckViolation(error: unknown): boolean {
  return signs.some(({ field, value }) => Object(error)[field] === value);
}
