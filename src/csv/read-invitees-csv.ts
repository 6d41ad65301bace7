import { ownFields } from '../access/own-fields.ts';
import { createEntryJudge } from '../emails/judge/judge-entry.ts';
import type { Tlds } from '../emails/judge/tlds.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { InviteTerms } from '../model/invite-terms.ts';
import { cleanCell } from './clean-cell.ts';
import { isNamed, readHeader, twiceNamed } from './columns.ts';
import type { CsvIssue, InviteeRow, InviteesCsv } from './invitees-csv.ts';
import { isEmpty, readInvitee } from './read-invitee.ts';
import { readRows, toCsvText } from './read-rows.ts';

/** Options of `readInviteesCsv`. */
export interface ReadInviteesOptions {
  /** Most UTF-16 code units of a file. Default 262,144, as `bulkTextLimit`. */
  readonly maxLength?: number;
  /** Most rows with something in them, the header excepted. Default 500, as `bulkAddressLimit`. */
  readonly maxRows?: number;
  /** The top-level domains to accept; those of the manager's option. Default `'iana'`. */
  readonly tlds?: Tlds;
}

const defaultMaxLength = 262_144;
const defaultMaxRows = 500;
const termNames = ['role', 'limit', 'name', 'phone'] as const;

/**
 * Reads the people to invite from a CSV file: a header row with a column for the email address and,
 * in any order and the usual spellings, for name, role, phone, daily limit and monthly limit.
 *
 * A row is taken as a whole or not at all: one bad cell, and nobody is invited with a limit or a
 * role that was meant otherwise. Addresses are judged as everywhere (`judgeAddress`). Separators
 * are commas, semicolons, tabs or `|`; quoting is that of RFC 4180. Pure.
 *
 * @throws {OrgUserManagerError} `csv_header_not_found` when the first row names no column for the
 * email address; `invalid_input` when the file is no text, too large or names a column twice;
 * `invalid_options` when a limit is not a positive number, or `tlds` a string other than its two names.
 * @example
 * const { ready, perAddress, issues } = readInviteesCsv('Email,Daily limit\nana@example.com,20');
 * await manager.inviteMany({ orgId, actor, addresses: ready, perAddress });
 */
export function readInviteesCsv(file: string, options: ReadInviteesOptions = {}): InviteesCsv {
  const given = ownFields(options, ['maxLength', 'maxRows', 'tlds']);
  const maxLength = positive('maxLength', given.maxLength ?? defaultMaxLength);
  const maxRows = positive('maxRows', given.maxRows ?? defaultMaxRows);
  const judge = createEntryJudge(given);
  if (typeof file !== 'string') throw refused('must be a string');
  if (file.length > maxLength) throw refused(`must have at most ${maxLength} characters`);
  const csv = toCsvText(file);
  const header = readHeader(csv);
  if (!header) throw new OrgUserManagerError('csv_header_not_found', {});
  const twice = twiceNamed(header);
  if (twice) throw refused(`names more than one column for ${twice}`);
  const rows = readRows(csv, header.delimiter)
    .slice(1)
    .map((row) => ({ ...row, cells: row.cells.map(cleanCell) }))
    .filter((row) => !isEmpty(row));
  if (rows.length > maxRows) throw refused(`must hold at most ${maxRows} rows`);
  const { line, cells } = header.row;
  const unread = header.columns.flatMap((name, index): CsvIssue[] =>
    name === undefined && isNamed(cells[index] ?? '')
      ? [{ code: 'unknown-column', line, column: index + 1 }]
      : [],
  );
  const invitees = rows.map((row) => readInvitee(row, header, judge));
  return collect(
    invitees.map(({ row }) => row),
    [...unread, ...invitees.flatMap(({ issues }) => issues)],
  );
}

/** Finds the duplicates, and divides the addresses for `inviteMany` by verdict. */
function collect(read: readonly InviteeRow[], issues: readonly CsvIssue[]): InviteesCsv {
  const lines = new Map<string, number>();
  const rows = read.map((row): InviteeRow => {
    if (row.address === null || row.verdict === 'rejected') return row;
    const duplicateOf = lines.get(row.address);
    if (duplicateOf !== undefined) return { ...row, verdict: 'duplicate', duplicateOf };
    lines.set(row.address, row.line);
    return row;
  });
  const duplicates = rows.flatMap(({ verdict, line }): CsvIssue[] =>
    verdict === 'duplicate' ? [{ code: 'duplicate', line, column: null }] : [],
  );
  const all = [...issues, ...duplicates].sort((one, other) => one.line - other.line);
  const [ready, review] = [invited(rows, 'ok'), invited(rows, 'review')];
  return {
    rows,
    issues: all,
    ready: ready.addresses,
    review: review.addresses,
    perAddress: ready.perAddress,
    reviewPerAddress: review.perAddress,
  };
}

/** The addresses of the rows with a verdict, and the terms of those that have any. */
function invited(rows: readonly InviteeRow[], verdict: InviteeRow['verdict']) {
  const addresses: string[] = [];
  // Without a prototype: an address may be called like one of its members.
  const perAddress: Record<string, InviteTerms> = Object.create(null);
  for (const row of rows) {
    if (row.address === null || row.verdict !== verdict) continue;
    addresses.push(row.address);
    const { role, limit, name, phone } = ownFields(row, termNames);
    const terms = {
      ...(role && { role }),
      ...(limit && { limit }),
      ...(name && { name }),
      ...(phone && { phone }),
    };
    if (Object.keys(terms).length > 0) perAddress[row.address] = terms;
  }
  return { addresses, perAddress };
}

function refused(message: string): OrgUserManagerError {
  return new OrgUserManagerError('invalid_input', { issues: [{ path: 'file', message }] });
}

function positive(path: string, value: number): number {
  if (value > 0) return value;
  const message = 'must be a positive number';
  throw new OrgUserManagerError('invalid_options', { issues: [{ path, message }] });
}
