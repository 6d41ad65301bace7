import type { InsertQueryBuilder, Kysely } from 'kysely';

/** Where SQL engines differ in what this package says to them, each with its reason. */
export interface SqlEngine {
  readonly name: 'sqlite' | 'postgres' | 'mysql';
  /** MySQL has no ON CONFLICT; its INSERT IGNORE reports the rows it left out in the same way. */
  readonly hasOnConflict: boolean;
  /** MySQL has no RETURNING after an upsert, and MariaDB's is not in Kysely. */
  readonly hasReturning: boolean;
  /**
   * At MySQL's REPEATABLE READ a host's transaction that has read goes on seeing that old state:
   * only locking reads see the newest one.
   */
  readonly needsLockingReads: boolean;
  /** Kysely's migrator takes no lock between processes on SQLite. */
  readonly needsMigrationLock: boolean;
  /** MySQL has no CREATE INDEX IF NOT EXISTS; its indexes are made with their table. */
  readonly indexesInTable: boolean;
  /**
   * MySQL's usual collations compare texts without letter case or trailing spaces; ids and tokens
   * are compared exactly.
   */
  readonly needsExactCollation: boolean;
  /** How drivers say that a CHECK constraint refused. */
  readonly checkViolations: readonly (string | number)[];
  /** How drivers say that a transaction lost against another one and may be tried again. */
  readonly conflicts: readonly (string | number)[];
}

const engines: Readonly<Record<SqlEngine['name'], SqlEngine>> = {
  sqlite: {
    name: 'sqlite',
    hasOnConflict: true,
    hasReturning: true,
    needsLockingReads: false,
    needsMigrationLock: true,
    indexesInTable: false,
    needsExactCollation: false,
    checkViolations: ['SQLITE_CONSTRAINT_CHECK', 275],
    conflicts: ['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 5, 517],
  },
  postgres: {
    name: 'postgres',
    hasOnConflict: true,
    hasReturning: true,
    needsLockingReads: false,
    needsMigrationLock: false,
    indexesInTable: false,
    needsExactCollation: false,
    checkViolations: ['23514'],
    // 3F000: another schema was dropped while Kysely's migrator read them all.
    conflicts: ['40001', '40P01', '3F000'],
  },
  mysql: {
    name: 'mysql',
    hasOnConflict: false,
    hasReturning: false,
    needsLockingReads: true,
    needsMigrationLock: false,
    indexesInTable: true,
    needsExactCollation: true,
    checkViolations: [3819, 4025],
    conflicts: [1205, 1213],
  },
};

/**
 * Tells the engine from the SQL that a Kysely instance makes: that also works for copies of Kysely,
 * wrapped dialects and dialects made by others. PGlite speaks PostgreSQL, MariaDB speaks MySQL.
 */
export function detectEngine<DB>(db: Kysely<DB>): SqlEngine | undefined {
  const { sql } = db.selectNoFrom(({ val }) => val(1).as('one')).compile();
  if (sql.includes('`')) return engines.mysql;
  if (sql.includes('$1')) return engines.postgres;
  return sql.includes('@1') ? undefined : engines.sqlite;
}

/** Whether a CHECK constraint refused the statement. */
export function isCheckViolation(engine: SqlEngine, error: unknown): boolean {
  return saysOneOf(error, engine.checkViolations);
}

/** Whether the transaction lost against another one, so that trying it again may succeed. */
export function isConflict(engine: SqlEngine, error: unknown): boolean {
  return saysOneOf(error, engine.conflicts);
}

function saysOneOf(error: unknown, codes: readonly (string | number)[]): boolean {
  const { code, errno, errcode } = Object(error);
  return [code, errno, errcode].some((said) => codes.includes(said));
}

/** Leaves out the rows whose key is there already; the result counts those it took. */
export function ifAbsent<DB, Table extends keyof DB, Result>(
  engine: SqlEngine,
  insert: InsertQueryBuilder<DB, Table, Result>,
): InsertQueryBuilder<DB, Table, Result> {
  return engine.hasOnConflict ? insert.onConflict((oc) => oc.doNothing()) : insert.ignore();
}
