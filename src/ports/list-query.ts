import type { Invitation, InvitationStatus } from '../model/invitation.ts';
import type { MemberStatus, Role } from '../model/member.ts';
import type { OutboxMail } from '../model/outbox-mail.ts';
import type { ListTotal } from '../model/page.ts';

/** Where a row stands in a list: the value it is sorted by, and its id. */
export type ListPosition = readonly [value: string | number, id: string];

/** One page of a list. */
interface ListQuery<Status extends string, Sort extends string> {
  readonly orgId: string;
  /** Only these states; `undefined` = all. */
  readonly status?: Status | undefined;
  /** Only this role; `undefined` = both. */
  readonly role?: Role | undefined;
  /** Only rows whose address or name holds this text, letter case ignored (ASCII at least). */
  readonly search?: string | undefined;
  /** What the rows are sorted by; equal ones by their ids. Texts compare by code points. */
  readonly sort: Sort;
  /** Which way, ids included. */
  readonly order: 'asc' | 'desc';
  /** At most this many rows. */
  readonly limit: number;
  /** The position of the last row already seen. */
  readonly after?: ListPosition | undefined;
  /**
   * How many matching rows to count at most, so that a long list need not be read to its end;
   * `undefined` = all.
   */
  readonly countUpTo?: number | undefined;
  /** The instant that decides what is expired, epoch milliseconds. */
  readonly now: number;
}

/** One page of members, by `[joinedAt, userId]` or `[memberSortName(member), userId]`. */
export type MemberListQuery = ListQuery<MemberStatus, 'joined' | 'name'>;

/** One page of invitations, by `[createdAt, id]` or `[address, id]`. */
export type InvitationListQuery = ListQuery<InvitationStatus, 'created' | 'address'>;

/** Rows of one page, and how many match in all. */
export interface Slice<Row> {
  /** At most as many as the query asked for, in its order. */
  readonly rows: readonly Row[];
  /** How many match without limit and position; not exact when there are more than `countUpTo`. */
  readonly total: ListTotal;
}

/** An invitation with its newest mail. */
export interface InvitationRow {
  /** The invitation as stored. */
  readonly invitation: Invitation;
  /** The mail whose number is its `sendCount`. */
  readonly mail: OutboxMail;
}
