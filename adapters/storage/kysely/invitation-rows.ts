import type { AliasedExpression, Kysely, Selectable } from 'kysely';
import type { InvitationRow } from '../../../src/index.ts';
import { aliasedTable } from './aliased-table.ts';
import { toInvitation, toMail } from './rows.ts';
import type { InvitationTable, Tables } from './tables.ts';

/** Invitations, as the statements that select them name them. */
type Invitations = AliasedExpression<Selectable<InvitationTable>, 'i'>;

/** Selects invitations as `i`, each with its newest mail. */
export function selectInvitationRows(
  db: Kysely<Tables>,
  invitations: Invitations = aliasedTable('oum_invitation', 'i'),
) {
  return db
    .selectFrom(invitations)
    .innerJoin('oum_mail as m', (join) =>
      join.onRef('m.invitation_id', '=', 'i.id').onRef('m.number', '=', 'i.send_count'),
    )
    .selectAll('i')
    .select([
      'm.state as mail_state',
      'm.attempts as mail_attempts',
      'm.next_attempt_at as mail_next_attempt_at',
      'm.last_error as mail_last_error',
      'm.created_at as mail_created_at',
    ]);
}

/** What `selectInvitationRows` selects. */
export type SelectedInvitation = Awaited<
  ReturnType<ReturnType<typeof selectInvitationRows>['execute']>
>[number];

/** What `selectInvitationRows` selected. */
export function toInvitationRow(row: SelectedInvitation): InvitationRow {
  const mail = toMail({
    org_id: row.org_id,
    invitation_id: row.id,
    number: row.send_count,
    state: row.mail_state,
    attempts: row.mail_attempts,
    next_attempt_at: row.mail_next_attempt_at,
    last_error: row.mail_last_error,
    created_at: row.mail_created_at,
  });
  return { invitation: toInvitation(row), mail };
}
