/**
 * SQL storage over Kysely: SQLite, PostgreSQL, PGlite, MySQL and MariaDB.
 *
 * @module
 */
import type { Kysely } from 'kysely';
import { OrgUserManagerError, type Storage } from '../../../src/index.ts';
import { sqlRateLimitStore } from '../../rate-limit/sql/index.ts';
import { detectEngine } from '../../sql/engine.ts';
import { withRetries } from '../../sql/with-retries.ts';
import { migrateToLatest } from './migrations/index.ts';
import { type KyselyStorageOptions, ownPrefix, parseOptions } from './options.ts';
import { createOrganizationLock } from './organization-lock.ts';
import { kyselyOutbox } from './outbox.ts';
import { kyselyReader } from './reader.ts';
import type { Session } from './session.ts';
import { tablePrefixPlugin } from './table-prefix.ts';
import type { Tables } from './tables.ts';
import { kyselyTransaction } from './transaction.ts';

export type { KyselyStorageOptions } from './options.ts';

/**
 * Keeps everything in tables of their own (`oum_…`) beside the host's, through the host's Kysely
 * instance; its plugins do not touch them. `close()` leaves the instance open: it is the host's.
 *
 * On MySQL and MariaDB the driver has to count matched rows (`FOUND_ROWS`), as mysql2 does unless
 * told otherwise.
 *
 * Throws `invalid_options` for an engine that is none of the supported ones, and for names that are
 * no identifiers.
 *
 * @example
 * import { Kysely, PostgresDialect } from 'kysely';
 * import { kyselyStorage } from 'org-user-manager/kysely';
 * import { Pool } from 'pg';
 *
 * const pool = new Pool({ connectionString: 'postgres://127.0.0.1/app' });
 * const storage = kyselyStorage(new Kysely({ dialect: new PostgresDialect({ pool }) }));
 */
export function kyselyStorage<DB>(host: Kysely<DB>, options: KyselyStorageOptions = {}): Storage {
  const { schema, tablePrefix = ownPrefix } = parseOptions(options);
  const session = open(host, { schema, tablePrefix });
  const { db, engine } = session;
  return {
    ...kyselyReader(session),
    transaction: (orgId, work) =>
      withRetries(engine, () =>
        db.transaction().execute((trx) => {
          const lock = createOrganizationLock(trx, orgId);
          return work(kyselyTransaction({ db: trx, engine, lock }));
        }),
      ),
    outbox: kyselyOutbox(db),
    rateLimits: sqlRateLimitStore(db, engine),
    migrate: () => migrateToLatest(session, { schema, tablePrefix }),
    close: async () => undefined,
  };
}

function open<DB>(
  host: Kysely<DB>,
  { schema, tablePrefix }: { readonly schema: string | undefined; readonly tablePrefix: string },
): Session {
  const engine = detectEngine(host);
  if (!engine) {
    const message = 'must speak to SQLite, PostgreSQL, PGlite, MySQL or MariaDB';
    throw new OrgUserManagerError('invalid_options', { issues: [{ path: 'db', message }] });
  }
  const plain = withOurTables(host);
  const placed = schema === undefined ? plain : plain.withSchema(schema);
  const db = tablePrefix === ownPrefix ? placed : placed.withPlugin(tablePrefixPlugin(tablePrefix));
  return { db, engine };
}

// Kysely's type names every table of the host; ours are the only ones that are used through it.
function withOurTables<DB>(db: Kysely<DB>): Kysely<Tables>;
function withOurTables(db: Kysely<Tables>): Kysely<Tables> {
  return db.withoutPlugins();
}
