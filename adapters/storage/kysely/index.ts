/**
 * SQL storage over Kysely: SQLite, PostgreSQL, PGlite, MySQL and MariaDB.
 *
 * @module
 */
import type { Kysely } from 'kysely';
import type { Storage } from '../../../src/index.ts';
import { kyselyHostTransactions } from './host-transactions.ts';
import { migrateToLatest } from './migrate.ts';
import { openSession } from './open-session.ts';
import { type KyselyStorageOptions, parseOptions } from './options.ts';
import { kyselyOutbox } from './outbox.ts';
import { createSchemaCheck } from './schema-check.ts';
import { kyselyScope } from './scope.ts';

export type { KyselyStorageOptions } from './options.ts';
export type { PreparingClient, PreparingPool } from './prepared-statements.ts';
export { withPreparedStatements } from './prepared-statements.ts';

/**
 * Keeps everything in tables of their own (`oum_…`) beside the host's, through the host's Kysely
 * instance; its plugins do not touch them. `close()` leaves the instance open: it is the host's.
 *
 * `migrate()` may also be called ahead of a deployment by somebody with the right to change the
 * schema; the application then needs none but to read and write. It throws `migration_denied` without that
 * right. The first call throws `schema_outdated` on a schema that is older than this version, or newer by a
 * migration that breaks it, and `schema_mismatch` where a table is not as `migrate()` creates it.
 *
 * The first call, and `migrate()`, throw `unsupported_setting` where the server, the session or the driver
 * is set so that a promise would not hold; the guide to databases lists the settings.
 *
 * With `pg`, listen to `error` on the pool and on each of its connections. One that ends between two
 * statements has nobody else to tell, and an error that nobody hears ends the process.
 *
 * Throws `invalid_options` for an engine that is none of the supported ones, for a transaction, for names
 * that are no identifiers, and for `schema` on SQLite.
 *
 * @example
 * import { Kysely, PostgresDialect } from 'kysely';
 * import { kyselyStorage } from 'org-user-manager/kysely';
 * import { Pool } from 'pg';
 *
 * const pool = new Pool({ connectionString: 'postgres://127.0.0.1/app' });
 * pool.on('error', console.error);
 * pool.on('connect', (client) => client.on('error', console.error));
 * const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
 * const storage = kyselyStorage(db, { schema: 'org_users' });
 */
export function kyselyStorage<DB>(host: Kysely<DB>, options: KyselyStorageOptions = {}): Storage {
  const { schema, tablePrefix } = parseOptions(options);
  const place = { schema, tablePrefix };
  const session = openSession(host, place);
  const schemaCheck = createSchemaCheck(schema);
  return {
    ...kyselyScope(session, schemaCheck),
    outbox: kyselyOutbox(session, schemaCheck),
    hostTransactions: kyselyHostTransactions(session, place, schemaCheck),
    migrate: () => migrateToLatest(session, schema),
    close: async () => undefined,
  };
}
