/**
 * SQLite storage: the zero-configuration database.
 *
 * @module
 */
import { Kysely, SqliteDialect } from 'kysely';
import { checkOptions, type OptionRules } from '../../../src/access/check-options.ts';
import { oneOf } from '../../../src/access/option-rules.ts';
import type { Storage } from '../../../src/index.ts';
import { kyselyStorage } from '../kysely/index.ts';
import { openDatabase } from './open-database.ts';

/** What `sqliteStorage()` takes. */
export interface SqliteStorageOptions {
  /** The database file; `:memory:` keeps it in memory. */
  readonly filename: string;
  /**
   * The driver. Default: `better-sqlite3` if it is installed, else the `node:sqlite` of Node
   * itself.
   */
  readonly driver?: 'better-sqlite3' | 'node:sqlite' | undefined;
}

const rules: OptionRules<SqliteStorageOptions> = {
  filename: {
    holds: (value) => typeof value === 'string' && value !== '',
    message: 'must be a file name',
    required: true,
  },
  driver: oneOf('better-sqlite3', 'node:sqlite'),
};

/**
 * Keeps everything in one SQLite file, with a write-ahead log and foreign keys on. It waits about five seconds
 * for other writers, without stopping the process. The file is opened at the first call. Needs the package
 * `kysely`.
 *
 * Throws `invalid_options`.
 *
 * @example
 * import { sqliteStorage } from 'org-user-manager/sqlite';
 *
 * const storage = sqliteStorage({ filename: 'app.sqlite' });
 */
export function sqliteStorage(options: SqliteStorageOptions): Storage {
  const { filename, driver } = checkOptions(options, rules, {});
  const dialect = new SqliteDialect({ database: () => openDatabase(filename, driver) });
  const db = new Kysely<object>({ dialect });
  return { ...kyselyStorage(db), close: () => db.destroy() };
}
