import { ownFields } from '../../../src/access/own-fields.ts';
import type { InvitationRow, Standing, StandingQuery } from '../../../src/index.ts';
import { newest } from '../../sql/newest.ts';
import { selectInvitationRows, toInvitationRow } from './invitation-rows.ts';
import { loadPeople } from './people.ts';
import type { Session } from './session.ts';

const lists = ['userIds', 'addresses', 'pendingAddresses', 'invitationIds'] as const;

/**
 * `StorageReader.load`: one statement for the organization and its members, and one for invitations if
 * any are asked for.
 */
export async function load(session: Session, asked: StandingQuery): Promise<Standing> {
  const query = ownFields(asked, lists);
  const people = await loadPeople(session, query);
  return { ...people, invitations: await loadInvitations(session, query) };
}

async function loadInvitations(
  { db, locksReads }: Session,
  { orgId, pendingAddresses = [], invitationIds = [] }: StandingQuery,
): Promise<readonly InvitationRow[]> {
  if (pendingAddresses.length === 0 && invitationIds.length === 0) return [];
  const rows = await selectInvitationRows(db)
    .where('i.org_id', '=', orgId)
    .where((where) =>
      where.or([
        ...(invitationIds.length > 0 ? [where('i.id', 'in', invitationIds)] : []),
        ...(pendingAddresses.length > 0
          ? [where('i.pending_address', 'in', pendingAddresses)]
          : []),
      ]),
    )
    .$call(newest(locksReads))
    .execute();
  return rows.map(toInvitationRow);
}
