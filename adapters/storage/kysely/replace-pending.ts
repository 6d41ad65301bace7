import { sql } from 'kysely';
import type { Invitation } from '../../../src/index.ts';
import { fromInvitation } from './rows.ts';
import type { Session } from './session.ts';
import type { InvitationTable } from './tables.ts';

/** Writes whole invitations that are pending and stay so, in one statement. */
export async function replacePending(
  { db, engine }: Session,
  invitations: readonly Invitation[],
): Promise<void> {
  // Nothing is inserted but rows that are there: this is how a statement updates each to its own.
  const insert = db.insertInto('oum_invitation').values(invitations.map(fromInvitation));
  if (engine.hasOnConflict) {
    const given = (column: Column) => sql<never>`excluded.${sql.ref(column)}`;
    await insert
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet(forEachColumn(given))
          .where('oum_invitation.status', '=', 'pending'),
      )
      .execute();
    return;
  }
  const given = (column: Column) =>
    sql<never>`if(status = 'pending', values(${sql.ref(column)}), ${sql.ref(column)})`;
  await insert.onDuplicateKeyUpdate(forEachColumn(given)).execute();
}

type Column = Exclude<
  keyof InvitationTable,
  | 'id'
  | 'org_id'
  | 'address'
  | 'pending_address'
  | 'status'
  | 'selector'
  | 'created_at'
  | 'ended_at'
  | 'ended_by'
>;

const forEachColumn = <T>(value: (column: Column) => T): Record<Column, T> => ({
  role: value('role'),
  daily_limit: value('daily_limit'),
  monthly_limit: value('monthly_limit'),
  name: value('name'),
  phone: value('phone'),
  generation: value('generation'),
  invited_by: value('invited_by'),
  expires_at: value('expires_at'),
  send_count: value('send_count'),
  last_send_at: value('last_send_at'),
  mail_id: value('mail_id'),
});
