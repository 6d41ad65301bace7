import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { SqlEngine } from '../../../sql/engine.ts';
import { withRetries } from '../../../sql/with-retries.ts';
import type { Session } from '../session.ts';
import { initialSchema } from './001-initial-schema.ts';

// Append only: a released migration is never edited.
const migrations = (engine: SqlEngine): Record<string, Migration> => ({
  '001-initial-schema': initialSchema(engine),
});

interface Place {
  readonly schema: string | undefined;
  readonly tablePrefix: string;
}

/** Brings the schema up to date, alone: whoever comes second waits, then finds nothing left to do. */
export async function migrateToLatest({ db, engine }: Session, place: Place): Promise<void> {
  if (engine.needsMigrationLock) await migrateInTransaction({ db, engine }, place);
  else await withRetries(engine, () => migrate({ db, engine }, place));
}

/**
 * Kysely's migrator has no lock between processes on SQLite, so there it runs inside one immediate
 * transaction, which also makes each upgrade all or nothing.
 */
async function migrateInTransaction({ db, engine }: Session, place: Place): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    try {
      await migrate({ db: connection, engine }, place);
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  });
}

async function migrate({ db, engine }: Session, { schema, tablePrefix }: Place): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations(engine) },
    // Our own names, beside whatever the host migrates with Kysely's default ones.
    migrationTableName: `${tablePrefix}migration`,
    migrationLockTableName: `${tablePrefix}migration_lock`,
    ...(schema !== undefined && { migrationTableSchema: schema }),
    disableTransactions: engine.needsMigrationLock,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
