import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { engines } from '../../sql/engine.ts';
import { withRetries } from '../../sql/with-retries.ts';
import { cacheStatements } from './statement-cache.ts';

type DriverName = 'better-sqlite3' | 'node:sqlite';

const pragmas = [
  // Milliseconds to wait for another writer. Short, for nothing else in this process runs meanwhile:
  // the storage itself tries again.
  'pragma busy_timeout = 5',
  'pragma journal_mode = wal', // Readers do not wait for writers.
  'pragma synchronous = normal', // With the log: a crash loses nothing, a power cut the newest commits.
  'pragma foreign_keys = on',
];

/** Opens the database with the driver asked for, or with whichever is there. */
export async function openDatabase(
  filename: string,
  driver: DriverName | undefined,
): Promise<SqliteDatabase> {
  const database = await openWith(filename, driver);
  for (const pragma of pragmas) {
    // Several processes that open a new file at once, or one that was left by a crash, get SQLITE_BUSY
    // without delay: the busy timeout covers no switch to the write-ahead log, and no recovery.
    await withRetries(engines.sqlite, async () => {
      const statement = database.prepare(pragma);
      if (statement.reader) statement.all([]);
      else statement.run([]);
    });
  }
  return cacheStatements(database);
}

async function openWith(filename: string, driver: DriverName | undefined): Promise<SqliteDatabase> {
  if (driver === 'node:sqlite') return openNodeSqlite(filename);
  try {
    const { default: Database } = await import('better-sqlite3');
    return new Database(filename);
  } catch (error) {
    if (driver === undefined && !isFromSqlite(error)) return openNodeSqlite(filename);
    throw error;
  }
}

/** Whether the driver loaded and SQLite itself refused; otherwise it is absent or without its binary. */
function isFromSqlite(error: unknown): boolean {
  return String(Object(error).code).startsWith('SQLITE_');
}

/** Gives `node:sqlite` the shape that Kysely's dialect knows. */
async function openNodeSqlite(filename: string): Promise<SqliteDatabase> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(filename);
  return {
    close: () => database.close(),
    prepare(sql): SqliteStatement {
      const statement = database.prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...bindable(parameters)),
        run: (parameters) => statement.run(...bindable(parameters)),
        iterate: (parameters) => statement.iterate(...bindable(parameters)),
      };
    },
  };
}

type Bindable = string | number | bigint | null;

function bindable(parameters: readonly unknown[]): Bindable[] {
  return parameters.map((value) => {
    if (value === null || typeof value === 'string' || typeof value === 'number') return value;
    throw new TypeError('only texts, numbers and null are stored');
  });
}
