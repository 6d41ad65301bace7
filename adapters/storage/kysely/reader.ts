import type { StorageReader } from '../../../src/index.ts';
import { listInvitations, listMembers } from './lists.ts';
import { load } from './load.ts';
import { toInvitation } from './rows.ts';
import type { Session } from './session.ts';

/** The reads, on a connection or inside a transaction. */
export function kyselyReader({ db }: Session): StorageReader {
  return {
    load: (query) => load(db, query),
    async findInvitation(selector) {
      const row = await db
        .selectFrom('oum_invitation')
        .selectAll()
        .where('selector', '=', selector)
        .executeTakeFirst();
      return row && toInvitation(row);
    },
    listMembers: (query) => listMembers(db, query),
    listInvitations: (query) => listInvitations(db, query),
  };
}
