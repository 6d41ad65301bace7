import type { Invitation } from '../model/invitation.ts';
import type { OutboxMail } from '../model/outbox-mail.ts';

/** One page of a list. */
export interface ListQuery<Status extends string> {
  readonly orgId: string;
  /** Only these states; `undefined` = all. */
  readonly status?: Status | undefined;
  /** Only rows whose address or name holds this text, letter case ignored (ASCII at least). */
  readonly search?: string | undefined;
  /** At most this many rows. */
  readonly limit: number;
  /** The sort key of the last row already seen. */
  readonly after?: readonly [at: number, id: string] | undefined;
  /** The instant that decides what is expired, epoch milliseconds. */
  readonly now: number;
}

/** Rows of one page, and how many match in all. */
export interface Slice<Row> {
  /** At most as many as the query asked for, in its order. */
  readonly rows: readonly Row[];
  /** How many match without limit and cursor. */
  readonly total: number;
}

/** An invitation with its newest mail. */
export interface InvitationRow {
  /** The invitation as stored. */
  readonly invitation: Invitation;
  /** The mail that its `mailId` names. */
  readonly mail: OutboxMail;
}
