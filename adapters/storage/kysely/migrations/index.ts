import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Tables } from '../tables.ts';
import { initialSchema } from './001-initial-schema.ts';

// Append only: a released migration is never edited.
const migrations: Readonly<Record<string, Migration>> = { '001-initial-schema': initialSchema };

/**
 * Brings the schema up to date, alone: Kysely's migrator has no lock between processes on SQLite, so
 * it runs inside one immediate transaction, which also makes each upgrade all or nothing. Others
 * wait for the busy timeout, then find nothing left to do.
 */
export async function migrateToLatest(db: Kysely<Tables>): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    try {
      const { error } = await migrator(connection).migrateToLatest();
      if (error !== undefined) throw error;
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  });
}

function migrator(db: Kysely<Tables>): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    // Our own names, beside whatever the host migrates with Kysely's default ones.
    migrationTableName: 'oum_migration',
    migrationLockTableName: 'oum_migration_lock',
    disableTransactions: true,
  });
}
