import { type Kysely, sql } from 'kysely';
import { isOrgUserManagerError, OrgUserManagerError } from '../../../src/index.ts';
import { createTable } from '../../sql/create-table.ts';
import type { SqlEngine } from '../../sql/engine.ts';
import { saysOneOf } from '../../sql/failures.ts';
import { onOneConnection } from '../../sql/one-connection.ts';
import { withPatience } from '../../sql/with-retries.ts';
import { readSchema } from './found-schema.ts';
import { migrationLocks, patienceSeconds } from './migration-lock.ts';
import { ledgerTable } from './migrations/index.ts';
import type { Session } from './session.ts';
import { checkSettings } from './settings-check.ts';
import type { Tables } from './tables.ts';

/**
 * Brings the schema up to date, alone: processes that come second wait for up to a minute, then find nothing
 * left to do. Where it is up to date, this only reads. Throws `schema_outdated` when a newer version of this
 * package has made a breaking migration, `schema_mismatch` when tables are not as this package creates them,
 * `unsupported_setting`, `migration_denied` when the user may not change the schema, and `unavailable`.
 */
export async function migrateToLatest(session: Session, schema: string | undefined): Promise<void> {
  const { db, engine } = session;
  const run = () =>
    onOneConnection(db, async (connection) => {
      await checkSettings({ ...session, db: connection });
      await migrate(connection, engine, schema);
    });
  try {
    await withPatience(engine, run, patienceSeconds);
  } catch (error) {
    throw asOurs(engine, error);
  }
}

async function migrate(
  connection: Kysely<Tables>,
  engine: SqlEngine,
  schema: string | undefined,
): Promise<void> {
  const before = await readSchema({ db: connection, engine }, schema);
  if (before.version === 'current') return;
  await migrationLocks[engine.name](connection, schema, async (db) => {
    // Another process may have been here since.
    const found = await readSchema({ db, engine }, schema);
    if (schema !== undefined && !found.isThere) {
      await sql`create schema ${sql.id(schema)}`.execute(db.withoutPlugins());
    }
    await createTable(db, engine, ledgerTable);
    for (const { name, isBreaking, tables } of found.pending) {
      for (const table of tables) await createTable(db, engine, table);
      await db
        .insertInto('oum_migration')
        .values({ name, breaking: Number(isBreaking) })
        .execute();
    }
  });
}

function asOurs(engine: SqlEngine, error: unknown): OrgUserManagerError {
  if (isOrgUserManagerError(error, 'conflict')) {
    return new OrgUserManagerError('unavailable', {}, { cause: error.cause });
  }
  if (isOrgUserManagerError(error)) return error;
  const code = saysOneOf(error, engine.deniedMigration) ? 'migration_denied' : 'unavailable';
  return new OrgUserManagerError(code, {}, { cause: error });
}
