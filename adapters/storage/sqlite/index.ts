/**
 * SQLite storage: the zero-configuration database.
 *
 * @module
 */
import { Kysely, SqliteDialect } from 'kysely';
import { OrgUserManagerError, type Storage } from '../../../src/index.ts';
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

const optionNames = ['filename', 'driver'];

/**
 * Keeps everything in one SQLite file: write-ahead log, about five seconds of patience for
 * other writers (during which the process goes on), foreign keys on. The file is opened at the first call. Needs the package `kysely`.
 *
 * Throws `invalid_options`.
 *
 * @example
 * import { sqliteStorage } from 'org-user-manager/sqlite';
 *
 * const storage = sqliteStorage({ filename: 'app.sqlite' });
 */
export function sqliteStorage(options: SqliteStorageOptions): Storage {
  const { filename, driver } = parseOptions(options);
  const dialect = new SqliteDialect({ database: () => openDatabase(filename, driver) });
  const db = new Kysely<object>({ dialect });
  return { ...kyselyStorage(db), close: () => db.destroy() };
}

function parseOptions(options: SqliteStorageOptions): SqliteStorageOptions {
  const { filename, driver } = options;
  const unknown = Object.keys(options).filter((name) => !optionNames.includes(name));
  const issues = [
    ...unknown.map((path) => ({ path, message: 'is not known' })),
    ...(typeof filename === 'string' && filename !== ''
      ? []
      : [{ path: 'filename', message: 'must be a file name' }]),
    ...(driver === undefined || driver === 'better-sqlite3' || driver === 'node:sqlite'
      ? []
      : [{ path: 'driver', message: 'must be better-sqlite3 or node:sqlite' }]),
  ];
  if (issues.length > 0) throw new OrgUserManagerError('invalid_options', { issues });
  return { filename, driver };
}
