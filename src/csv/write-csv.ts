import Papa from 'papaparse';
import { ownFields } from '../access/own-fields.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { InvitationView } from '../model/invitation-view.ts';
import type { MemberView } from '../model/member-view.ts';
import type { Units } from '../model/usage-limit.ts';
import { guarded } from './formula-guard.ts';

/** Options of `membersCsv` and `invitationsCsv`. */
export interface WriteCsvOptions {
  /**
   * Whether the file starts with a byte order mark, without which Excel reads UTF-8 as something
   * else. Default `true`.
   */
  readonly bom?: boolean;
}

/** A cell: numbers stay numbers, text can never become a formula. */
type Cell = string | number;

type Columns<T> = Readonly<Record<string, (item: T) => Cell>>;

const memberColumns: Columns<MemberView> = {
  Email: ({ address }) => address,
  Name: ({ name }) => name ?? '',
  Phone: ({ phone }) => phone ?? '',
  Role: ({ role }) => role,
  'Daily limit': ({ limit }) => unitsCell(limit.daily),
  'Monthly limit': ({ limit }) => unitsCell(limit.monthly),
  Status: ({ status }) => status,
  'Used today': ({ usage }) => usage.today,
  'Used this month': ({ usage }) => usage.thisMonth,
  Joined: ({ joinedAt }) => joinedAt.toISOString(),
  Disabled: ({ disabledAt }) => disabledAt?.toISOString() ?? '',
  'User id': ({ userId }) => userId,
};

// Without the link: a file travels further than the person who exports it means it to.
const invitationColumns: Columns<InvitationView> = {
  Email: ({ address }) => address,
  Name: ({ name }) => name ?? '',
  Phone: ({ phone }) => phone ?? '',
  Role: ({ role }) => role,
  'Daily limit': ({ limit }) => unitsCell(limit.daily),
  'Monthly limit': ({ limit }) => unitsCell(limit.monthly),
  Status: ({ status }) => status,
  Created: ({ createdAt }) => createdAt.toISOString(),
  Expires: ({ expiresAt }) => expiresAt.toISOString(),
  'Mails asked for': ({ sendCount }) => sendCount,
  'Last mail': ({ lastSendAt }) => lastSendAt.toISOString(),
  Delivery: ({ delivery }) => delivery.state,
  'Invited by': ({ invitedBy }) => invitedBy ?? '',
  'Invitation id': ({ id }) => id,
};

/**
 * Writes members, as `listMembers` gives them, as a CSV file (RFC 4180, CRLF), which
 * `readInviteesCsv` reads again. Text that a spreadsheet would take for a formula gets an
 * apostrophe in front, which `readInviteesCsv` takes off again.
 *
 * @throws {OrgUserManagerError} `invalid_input` when `members` is no array.
 */
export function membersCsv(members: readonly MemberView[], options: WriteCsvOptions = {}): string {
  return write(memberColumns, listed('members', members), options);
}

/**
 * Writes invitations, as `listInvitations` gives them; see `membersCsv`. Links are not in it.
 *
 * @throws {OrgUserManagerError} `invalid_input` when `invitations` is no array.
 */
export function invitationsCsv(
  invitations: readonly InvitationView[],
  options: WriteCsvOptions = {},
): string {
  return write(invitationColumns, listed('invitations', invitations), options);
}

function write<T>(columns: Columns<T>, items: readonly T[], options: WriteCsvOptions) {
  const { bom = true } = ownFields(options, ['bom']);
  const rows = items.map((item) => Object.values(columns).map((cell) => harmless(cell(item))));
  const csv = Papa.unparse([Object.keys(columns), ...rows], { newline: '\r\n' });
  return `${bom ? '\uFEFF' : ''}${csv}\r\n`.toWellFormed();
}

// A whole page in place of its items is an easy mistake.
function listed<T>(path: string, items: readonly T[]): readonly T[] {
  if (Array.isArray(items)) return items;
  const issues = [{ path, message: 'must be an array' }];
  throw new OrgUserManagerError('invalid_input', { issues });
}

function unitsCell(units: Units): Cell {
  return units ?? 'unlimited';
}

function harmless(cell: Cell): Cell {
  return typeof cell === 'number' ? cell : guarded(cell);
}
