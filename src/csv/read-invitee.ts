import type { EntryJudge } from '../emails/judge/judge-entry.ts';
import type { BadAddress, GoodAddress } from '../emails/judge/reasons.ts';
import type { InviteTerms } from '../model/invite-terms.ts';
import { nameOf, phoneOf, roleOf, unitsOf } from './cells.ts';
import type { ColumnName, Header } from './columns.ts';
import type { CsvIssue, CsvRowFault, InviteeRow } from './invitees-csv.ts';
import type { CsvRow } from './read-rows.ts';

/** A row as far as it can be told without the others. */
export interface ReadInvitee {
  readonly row: InviteeRow;
  readonly issues: readonly CsvIssue[];
}

/** The clean cell of a column; empty when the file has no such column. */
type Cell = (name: ColumnName) => string;

interface CellRule {
  readonly name: ColumnName;
  readonly fault: CsvRowFault;
  readonly holds: (cell: string) => boolean;
}

const rules: readonly CellRule[] = [
  { name: 'role', fault: 'unknown-role', holds: (cell) => cell === '' || !!roleOf(cell) },
  { name: 'phone', fault: 'bad-phone', holds: (cell) => cell === '' || !!phoneOf(cell) },
  { name: 'daily', fault: 'bad-daily-limit', holds: (cell) => unitsOf(cell) !== undefined },
  { name: 'monthly', fault: 'bad-monthly-limit', holds: (cell) => unitsOf(cell) !== undefined },
];

/** Whether a row of clean cells says nothing at all. */
export function isEmpty({ cells }: CsvRow): boolean {
  return cells.every((cell) => cell === '');
}

/** Reads and judges every cell of a row of clean cells. */
export function readInvitee(
  { line, cells, isBroken }: CsvRow,
  header: Header,
  judge: EntryJudge,
): ReadInvitee {
  const reject = (issues: readonly CsvIssue[]): InviteeRow => {
    const reason = issues[0]?.code;
    return { line, address: null, verdict: 'rejected', ...(reason && { reason }) };
  };
  const extra = cells.slice(header.columns.length).some((cell) => cell !== '');
  if (isBroken || extra) {
    // Where the cells end is not known then: what would be said of each could be wrong.
    const code = isBroken ? 'broken-quotes' : 'too-many-cells';
    const issues: CsvIssue[] = [{ code, line, column: null }];
    return { row: reject(issues), issues };
  }
  const columnOf = (name: ColumnName) => header.positions.get(name) ?? -1;
  const cell: Cell = (name) => cells[columnOf(name)] ?? '';
  const judged = judge(cell('email'));
  const found = [
    ...addressIssue(judged, cell('email')),
    ...rules.filter(({ name, holds }) => !holds(cell(name))),
  ];
  const issues = found.map(({ name, fault }) => ({
    code: fault,
    line,
    column: columnOf(name) + 1,
  }));
  const address = judged.ok ? judged.key : null;
  const name = nameOf(cell('name'));
  const told = { address, ...(name && { name }) };
  const isReview = judged.ok && judged.suspicious === true && issues.length === 1;
  if (!isReview && issues.length > 0) return { row: { ...reject(issues), ...told }, issues };
  const reason = isReview ? ({ verdict: 'review', reason: 'mixed-scripts' } as const) : undefined;
  return { row: { line, verdict: 'ok', ...reason, ...told, ...termsOf(cell) }, issues };
}

interface Finding {
  readonly name: ColumnName;
  readonly fault: CsvIssue['code'];
}

function addressIssue(judged: GoodAddress | BadAddress, email: string): readonly Finding[] {
  if (judged.ok) return judged.suspicious ? [{ name: 'email', fault: 'mixed-scripts' }] : [];
  return [{ name: 'email', fault: email === '' ? 'no-address' : judged.reason }];
}

function termsOf(cell: Cell): InviteTerms {
  const role = roleOf(cell('role'));
  const phone = phoneOf(cell('phone'));
  const limit = {
    ...(cell('daily') !== '' && { daily: unitsOf(cell('daily')) }),
    ...(cell('monthly') !== '' && { monthly: unitsOf(cell('monthly')) }),
  };
  const isLimited = Object.keys(limit).length > 0;
  return { ...(role && { role }), ...(isLimited && { limit }), ...(phone && { phone }) };
}
