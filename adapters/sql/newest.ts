import { type SelectQueryBuilder, sql } from 'kysely';

/** Reads the newest state even where the transaction would show an older one. */
export const newest =
  (locksReads: boolean) =>
  <DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>) =>
    // MariaDB does not know FOR SHARE.
    locksReads ? query.modifyEnd(sql`lock in share mode`) : query;
