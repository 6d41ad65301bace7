import type { StorageReader } from '../../../src/index.ts';
import { newest } from '../../sql/newest.ts';
import { type Given, statement } from '../../sql/statement.ts';
import { countLimits } from './count-limits.ts';
import { listInvitations } from './list-invitations.ts';
import { listMembers } from './list-members.ts';
import { load } from './load.ts';
import { toInvitation } from './rows.ts';
import type { Session, SqlSession } from './session.ts';

const findById = statement(
  ({ db, locksReads }: SqlSession, given: Given<{ readonly id: string }>) =>
    db
      .selectFrom('oum_invitation')
      .selectAll()
      .where('id', '=', given.one('id'))
      .$call(newest(locksReads)),
);

/** The reads, on a connection or inside a transaction. */
export function kyselyReader(session: Session): StorageReader {
  return {
    load: (query) => load(session, query),
    async findInvitation(id) {
      const [row] = (await findById(session, { id })).rows;
      return row && toInvitation(row);
    },
    listMembers: (query) => listMembers(session, query),
    listInvitations: (query) => listInvitations(session, query),
    countLimits: (orgId) => countLimits(session, orgId),
  };
}
