import type { StorageReader } from '../../../src/index.ts';
import { newest } from '../../sql/newest.ts';
import { countLimits } from './count-limits.ts';
import { listInvitations, listMembers } from './lists.ts';
import { load } from './load.ts';
import { toInvitation } from './rows.ts';
import type { Session } from './session.ts';

/** The reads, on a connection or inside a transaction. */
export function kyselyReader(session: Session): StorageReader {
  const { db, locksReads } = session;
  return {
    load: (query) => load(session, query),
    async findInvitation(selector) {
      const row = await db
        .selectFrom('oum_invitation')
        .selectAll()
        .where('selector', '=', selector)
        .$call(newest(locksReads))
        .executeTakeFirst();
      return row && toInvitation(row);
    },
    listMembers: (query) => listMembers(session, query),
    listInvitations: (query) => listInvitations(session, query),
    countLimits: (orgId) => countLimits(session, orgId),
  };
}
