import { cleanCell } from './clean-cell.ts';
import { type CsvRow, type CsvText, readRows } from './read-rows.ts';

/** What a column can hold. */
export type ColumnName = 'email' | 'name' | 'role' | 'phone' | 'daily' | 'monthly';

/** The header of a file. */
export interface Header {
  readonly delimiter: string;
  /** What each column holds, in file order; nothing for one that is not read. */
  readonly columns: readonly (ColumnName | undefined)[];
  /** Where each of them is, from 0. */
  readonly positions: ReadonlyMap<ColumnName, number>;
  readonly row: CsvRow;
}

const delimiters = [',', ';', '\t', '|'];

// Compared without case, blanks and punctuation: `E-Mail Address`, `daily_limit`.
const spellings: Readonly<Record<ColumnName, string>> = {
  email: 'email emailaddress mail mailaddress primaryemail emailadresse email1value',
  name: 'name fullname displayname username',
  role: 'role memberrole organizationrole orgrole',
  phone: 'phone phonenumber telephone tel mobile mobilephone mobilenumber cell phone1value',
  daily: 'daily dailylimit limitdaily limitperday dailyunits',
  monthly: 'monthly monthlylimit limitmonthly limitpermonth monthlyunits',
};

const columnOf = new Map<string, ColumnName>();
for (const name of ['email', 'name', 'role', 'phone', 'daily', 'monthly'] as const) {
  for (const spelling of spellings[name].split(' ')) columnOf.set(spelling, name);
}

/** Reads the header with the delimiter that makes most sense of it; nothing when none does. */
export function readHeader(csv: CsvText): Header | undefined {
  let best: Header | undefined;
  for (const delimiter of delimiters) {
    const [row] = readRows(csv, delimiter, 1);
    if (!row || row.isBroken) continue;
    const columns = row.cells.map((cell) => columnOf.get(plain(cell)));
    const positions = positionsOf(columns);
    const header = { delimiter, columns, positions, row };
    if (positions.has('email') && known(header) > known(best)) best = header;
  }
  return best;
}

/** The first column that two cells of the header name. */
export function twiceNamed({ columns, positions }: Header): ColumnName | undefined {
  return columns.find((name, index) => name !== undefined && positions.get(name) !== index);
}

/** The first column of each name. */
function positionsOf(columns: Header['columns']): Header['positions'] {
  const positions = new Map<ColumnName, number>();
  for (const [index, name] of columns.entries()) {
    if (name !== undefined && !positions.has(name)) positions.set(name, index);
  }
  return positions;
}

/** Whether a cell of the header says anything. */
export function isNamed(cell: string): boolean {
  return cleanCell(cell) !== '';
}

// Bringing a long run of combining marks into order takes the square of its length.
const longestTitle = 100;

function plain(cell: string): string {
  if (cell.length > longestTitle) return '';
  return cell
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function known(header: Header | undefined): number {
  return header ? header.columns.filter((name) => name !== undefined).length : 0;
}
