import type { SqliteDatabase, SqliteStatement } from 'kysely';

const capacity = 200;

/**
 * Prepares each text of SQL once. Kysely's driver prepares anew for every query, which costs more
 * than running it; statements of varying length (a bulk insert) must not crowd out the rest, so the
 * least recently used goes first.
 */
export function cacheStatements(database: SqliteDatabase): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = statements.get(sql) ?? database.prepare(sql);
      statements.delete(sql);
      statements.set(sql, statement);
      if (statements.size > capacity) {
        for (const oldest of statements.keys()) {
          statements.delete(oldest);
          break;
        }
      }
      return statement;
    },
  };
}
