import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { OrgUserManagerError } from '../../../src/index.ts';
import { withRetries } from '../../sql/with-retries.ts';
import { migrations } from './migrations/index.ts';
import type { Place } from './open-session.ts';
import { readSchemaState } from './schema-check.ts';
import type { Session } from './session.ts';
import { checkSettings } from './settings-check.ts';

/**
 * Brings the schema up to date, alone: whoever comes second waits, then finds nothing left to do.
 * Throws `schema_outdated` when a newer version of this package has been there.
 */
export async function migrateToLatest(session: Session, place: Place): Promise<void> {
  const { engine } = session;
  await checkSettings(session);
  const found = await readSchemaState(session);
  if (found === 'current') return;
  if (found === 'newer') throw new OrgUserManagerError('schema_outdated', { found });
  const run = engine.needsMigrationLock ? migrateInTransaction : migrate;
  await withRetries(engine, () => run(session, place));
}

/**
 * Kysely's migrator has no lock between processes on SQLite, so there it runs inside one immediate
 * transaction, which also makes each upgrade all or nothing.
 */
async function migrateInTransaction(session: Session, place: Place): Promise<void> {
  await session.db.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    try {
      await migrate({ ...session, db: connection }, place);
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
