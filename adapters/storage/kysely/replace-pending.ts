import { type RawBuilder, sql } from 'kysely';
import type { Invitation } from '../../../src/index.ts';
import { rowInserter } from './insert-rows.ts';
import { fromInvitation } from './rows.ts';
import type { Session } from './session.ts';
import type { InvitationTable } from './tables.ts';

// Nothing is inserted but rows that are there: this is how a statement updates each to its own.
const insertOrReplace = rowInserter('oum_invitation', ({ engine }, insert) => {
  if (engine.hasOnConflict) {
    const given = <Name extends Term>(column: Name) =>
      sql<InvitationTable[Name]>`excluded.${sql.ref(column)}`;
    return insert.onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet(forEachTerm(given))
        .where('oum_invitation.status', '=', 'pending'),
    );
  }
  const old = (column: string) => sql.ref(`oum_invitation.${column}`);
  const given = <Name extends Term>(column: Name) =>
    sql<
      InvitationTable[Name]
    >`if(${old('status')} = 'pending', values(${sql.ref(column)}), ${old(column)})`;
  return insert.onDuplicateKeyUpdate(forEachTerm(given));
});

/** Writes whole invitations that are pending and stay so, in one statement. */
export async function replacePending(
  session: Session,
  invitations: readonly Invitation[],
): Promise<void> {
  await insertOrReplace(session, invitations.map(fromInvitation));
}

/** A column that changes when an invitation is issued again. */
type Term = Exclude<
  keyof InvitationTable,
  | 'id'
  | 'org_id'
  | 'address'
  | 'pending_address'
  | 'status'
  | 'created_at'
  | 'ended_at'
  | 'ended_by'
>;

type TermValues = { readonly [Name in Term]: RawBuilder<InvitationTable[Name]> };

/** Such columns with a value each. */
export const forEachTerm = (
  value: <Name extends Term>(column: Name) => RawBuilder<InvitationTable[Name]>,
): TermValues => ({
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
});
