import { type Kysely, sql } from 'kysely';
import { OrgUserManagerError } from '../../../src/index.ts';
import type { SqlEngine } from '../../sql/engine.ts';

/**
 * Runs work on a connection while no other process migrates the schema, and releases the lock with it.
 * PostgreSQL and MySQL wait for another one for up to a minute, and fail then; SQLite fails at once.
 */
export type WithMigrationLock = <DB>(
  connection: Kysely<DB>,
  schema: string | undefined,
  work: (db: Kysely<DB>) => Promise<void>,
) => Promise<void>;

/** How long to wait for another process that migrates. */
export const patienceSeconds = 60;

/** One writer at a time, in a transaction that is all or nothing. */
const lockSqlite: WithMigrationLock = async (connection, _, work) => {
  await sql`begin immediate`.execute(connection);
  try {
    await work(connection);
    await sql`commit`.execute(connection);
  } catch (error) {
    // What failed says more than that there is nothing left to undo.
    await sql`rollback`.execute(connection).catch(() => undefined);
    throw error;
  }
};

// The first of the two numbers of our advisory locks. Locks of one number, such as those of Kysely's
// migrator, never meet them.
const lockClass = 0x6f756d;

/**
 * A lock that ends with the transaction, which is all or nothing. A pooler may give the next transaction
 * another session, where a lock of this one could never be released.
 */
const lockPostgres: WithMigrationLock = (connection, schema, work) =>
  connection
    .transaction()
    // A state from before the lock would not show what another process has just migrated.
    .setIsolationLevel('read committed')
    .execute(async (trx) => {
      // The application's own timeouts are meant for requests.
      await sql`select set_config('lock_timeout', ${`${patienceSeconds}s`}::text, true),
        set_config('statement_timeout', '0', true)`.execute(trx);
      await sql`select pg_advisory_xact_lock(${lockClass}::int4,
        hashtext(coalesce(${schema ?? null}::text, current_schema()::text)))`.execute(trx);
      await work(trx);
    });

/**
 * A named lock of the session, since each statement that changes the schema commits a transaction. It
 * also ends with the connection.
 */
const lockMysql: WithMigrationLock = async (connection, schema, work) => {
  // Without a database there is nothing to lock, and the server refuses to create the first table.
  const name = sql`concat('oum_migration_', sha1(coalesce(${schema ?? null}, database(), 'none')))`;
  const { rows } = await sql<{ taken: unknown }>`
    select get_lock(${name}, ${patienceSeconds}) as taken`.execute(connection);
  const [taken] = rows.map((row) => row.taken);
  // NULL is 0 as a number.
  if (Number(taken) !== 1) throw notLocked(taken !== null);
  try {
    await work(connection);
  } finally {
    // Fails only with the connection, and then the lock is gone.
    await sql`select release_lock(${name})`.execute(connection).catch(() => undefined);
  }
};

/** The server answers 0 after a wait in vain, and NULL when the wait was killed or failed. */
function notLocked(hasWaited: boolean): OrgUserManagerError {
  const cause = hasWaited
    ? `another process has been migrating for ${patienceSeconds} s`
    : 'the wait for the lock of migrations was ended';
  return new OrgUserManagerError('unavailable', {}, { cause: new Error(cause) });
}

/** The lock of each engine. */
export const migrationLocks: Readonly<Record<SqlEngine['name'], WithMigrationLock>> = {
  sqlite: lockSqlite,
  postgres: lockPostgres,
  mysql: lockMysql,
};
