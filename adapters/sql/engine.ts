import type { AnyColumn, InsertQueryBuilder, IsolationLevel, Kysely } from 'kysely';

/** Where SQL engines differ in what this package says to them, each with its reason. */
export interface SqlEngine {
  readonly name: 'sqlite' | 'postgres' | 'mysql';
  /** MySQL has no ON CONFLICT; its INSERT IGNORE counts no skipped rows either. */
  readonly hasOnConflict: boolean;
  /** MySQL has no RETURNING after an upsert; MariaDB has it, but not in Kysely. */
  readonly hasReturning: boolean;
  /**
   * Whether a charge sends its counters as one JSON text. PostgreSQL reads even a few of them faster so than
   * out of a parameter for each value, and the statement does not depend on their number.
   */
  readonly takesRowsAsJson: boolean;
  /** PostgreSQL infers the type of a parameter from where it stands, unless the SQL names it. */
  readonly infersTypes: boolean;
  /** MySQL's drivers escape texts in a way that some modes of the server read otherwise. */
  readonly needsHexTexts: boolean;
  /**
   * Where in a statement the lock time-out stands. MariaDB knows the prefix, MySQL does not; SQLite does not
   * wait by itself.
   */
  readonly lockTimeoutIn: 'condition' | 'prefix' | undefined;
  /** How a parameter is written, counted from 1. */
  readonly parameter: (index: number) => string;
  /**
   * At MySQL's REPEATABLE READ a host's transaction that has read goes on seeing that old state:
   * only locking reads see the newest one.
   */
  readonly needsLockingReads: boolean;
  /**
   * The isolation level of our own transactions. The lock on the organization needs no more on PostgreSQL, where
   * a server set to more would make those who wait for the lock fail; elsewhere asking takes a round
   * trip.
   */
  readonly isolationLevel: IsolationLevel | undefined;
  /**
   * What a savepoint is outside of a transaction. PostgreSQL refuses it. MySQL takes it and forgets it at
   * once. SQLite begins a transaction with it, and so has to be asked before.
   */
  readonly savepointOutside: 'refused' | 'forgotten' | 'begins';
  /** With one writer at a time, those of a process queue up instead of trying against each other. */
  readonly hasOneWriter: boolean;
  /** MySQL has no CREATE INDEX IF NOT EXISTS; its indexes are made with their table. */
  readonly indexesInTable: boolean;
  /**
   * MySQL's usual collations compare texts without letter case or trailing spaces; ids and tokens
   * are compared exactly.
   */
  readonly needsExactCollation: boolean;
  /**
   * PostgreSQL sorts texts as its database's locale does, which differs from server to server; keys
   * are sorted by code points everywhere, which is also the faster index.
   */
  readonly keyCollation: string;
  /** MySQL finds no place in an index by a comparison of rows. */
  readonly seeksByRow: boolean;
  /**
   * How a statement names the index to read. Without a hint MariaDB takes the place of a late page for a
   * filter and reads everything before it. SQLite sorts all rows of a range of times, and does not read an
   * index in the order of the list. PostgreSQL knows no hints, and needs none.
   */
  readonly indexHint: 'indexed by' | 'force index' | undefined;
  /** The index that holds whole rows. MySQL looks each row of any other index up in it. */
  readonly rowIndex: 'primary' | undefined;
  /** SQLite checks even a condition that names no column for each row. */
  readonly checksOnce: boolean;
  /** A locking read of SQLite locks nothing: its one writer locks the file. */
  readonly skipsLocked: boolean;
  /** The type of a text that may be longer than 64 kB. */
  readonly longText: 'text' | 'mediumtext';
  /**
   * The option of a table whose rows are updated again and again. PostgreSQL writes a new version of a row
   * on each update: with room for it on the same page, no index has to change.
   */
  readonly busyTable: string;
  /**
   * The option of a table whose rows are kept in the order of its primary key. SQLite keeps rows in a tree of
   * their own beside the key's otherwise, PostgreSQL always does, and MySQL never.
   */
  readonly tableInKeyOrder: string;
  /** The database's own clock, in epoch milliseconds. Whole seconds are enough for old rows. */
  readonly now: string;
  /** The function that takes the greatest of its arguments. */
  readonly greatest: 'greatest' | 'max';
  /** How drivers say that a CHECK constraint refused. */
  readonly checkViolations: readonly (string | number)[];
  /**
   * How drivers say that this user may not change the schema: for want of a right, because the database
   * is read-only, or because the connection has no schema to create tables in.
   */
  readonly deniedMigration: readonly (string | number)[];
  /** How drivers say that a transaction lost against another one and may be tried again. */
  readonly conflicts: readonly (string | number)[];
  /** How drivers say that there is no transaction around a savepoint. */
  readonly noTransaction: readonly (string | number)[];
  /** How drivers say that a lock time-out or a statement time-out has passed. */
  readonly gaveUp: readonly (string | number)[];
  /**
   * How often to try, and the longest pause in between, in milliseconds. Servers let the loser wait
   * for its turn; with SQLite we wait ourselves, up to about five seconds, because its own waiting
   * stops the whole process.
   */
  readonly retries: { readonly attempts: number; readonly longestPauseMs: number };
}

export const engines: Readonly<Record<SqlEngine['name'], SqlEngine>> = {
  sqlite: {
    name: 'sqlite',
    hasOnConflict: true,
    hasReturning: true,
    takesRowsAsJson: false,
    infersTypes: false,
    needsHexTexts: false,
    lockTimeoutIn: undefined,
    parameter: () => '?',
    needsLockingReads: false,
    isolationLevel: undefined,
    savepointOutside: 'begins',
    hasOneWriter: true,
    indexesInTable: false,
    needsExactCollation: false,
    keyCollation: '',
    seeksByRow: true,
    indexHint: 'indexed by',
    rowIndex: undefined,
    checksOnce: false,
    skipsLocked: false,
    longText: 'text',
    busyTable: '',
    tableInKeyOrder: 'without rowid',
    now: 'unixepoch() * 1000',
    greatest: 'max',
    checkViolations: ['SQLITE_CONSTRAINT_CHECK', 275],
    deniedMigration: ['SQLITE_READONLY', 'SQLITE_READONLY_DIRECTORY', 8, 1544],
    // SQLITE_BUSY with each of its extended codes: a file can also be busy with its recovery.
    conflicts: [
      'SQLITE_BUSY',
      'SQLITE_BUSY_RECOVERY',
      'SQLITE_BUSY_SNAPSHOT',
      'SQLITE_BUSY_TIMEOUT',
      5,
      261,
      517,
      773,
    ],
    noTransaction: [],
    gaveUp: [],
    retries: { attempts: 200, longestPauseMs: 20 },
  },
  postgres: {
    name: 'postgres',
    hasOnConflict: true,
    hasReturning: true,
    takesRowsAsJson: true,
    infersTypes: true,
    needsHexTexts: false,
    lockTimeoutIn: 'condition',
    parameter: (index) => `$${index}`,
    needsLockingReads: false,
    isolationLevel: 'read committed',
    savepointOutside: 'refused',
    hasOneWriter: false,
    indexesInTable: false,
    needsExactCollation: false,
    keyCollation: 'collate "C"',
    seeksByRow: true,
    indexHint: undefined,
    rowIndex: undefined,
    checksOnce: true,
    skipsLocked: true,
    longText: 'text',
    busyTable: 'with (fillfactor = 70)',
    tableInKeyOrder: '',
    // One instant for the whole statement: an index is asked for nothing that changes on the way.
    now: '(extract(epoch from statement_timestamp()) * 1000)::int8',
    greatest: 'greatest',
    checkViolations: ['23514'],
    deniedMigration: ['42501', '25006', '3F000'],
    // 0A000: a statement was prepared before another process migrated. 26000, 42P05: the server has forgotten
    // it, or knows its name for another one.
    conflicts: ['40001', '40P01', '0A000', '26000', '42P05'],
    noTransaction: ['25P01'],
    gaveUp: ['55P03'],
    retries: { attempts: 10, longestPauseMs: 20 },
  },
  mysql: {
    name: 'mysql',
    hasOnConflict: false,
    hasReturning: false,
    takesRowsAsJson: false,
    infersTypes: false,
    needsHexTexts: true,
    lockTimeoutIn: 'prefix',
    parameter: () => '?',
    needsLockingReads: true,
    isolationLevel: undefined,
    savepointOutside: 'forgotten',
    hasOneWriter: false,
    indexesInTable: true,
    needsExactCollation: true,
    keyCollation: '',
    seeksByRow: false,
    indexHint: 'force index',
    rowIndex: 'primary',
    checksOnce: true,
    skipsLocked: true,
    longText: 'mediumtext',
    busyTable: '',
    tableInKeyOrder: '',
    now: 'unix_timestamp() * 1000',
    greatest: 'greatest',
    checkViolations: [3819, 4025],
    deniedMigration: [1044, 1046, 1142, 1290],
    // 1020: MariaDB 11 refuses to change what the transaction has seen in an older state.
    conflicts: [1205, 1213, 1020],
    noTransaction: [1305],
    gaveUp: [1969],
    retries: { attempts: 10, longestPauseMs: 20 },
  },
};

/**
 * Recognizes the engine by the SQL that a Kysely instance makes: that also works for copies of Kysely,
 * wrapped dialects and dialects made by others. PGlite speaks PostgreSQL, MariaDB speaks MySQL.
 */
export function detectEngine<DB>(db: Kysely<DB>): SqlEngine | undefined {
  const { sql } = db.selectNoFrom(({ val }) => val(1).as('one')).compile();
  if (sql.includes('`')) return engines.mysql;
  if (sql.includes('$1')) return engines.postgres;
  return sql.includes('@1') ? undefined : engines.sqlite;
}

/**
 * Leaves out the rows whose key is there already; the result counts those it took. Without the key
 * PostgreSQL looks every row up in every unique index first.
 */
export function ifAbsent<DB, Table extends keyof DB, Result>(
  engine: SqlEngine,
  insert: InsertQueryBuilder<DB, Table, Result>,
  key: readonly AnyColumn<DB, Table>[],
): InsertQueryBuilder<DB, Table, Result> {
  return engine.hasOnConflict
    ? insert.onConflict((oc) => oc.columns(key).doNothing())
    : insert.ignore();
}
