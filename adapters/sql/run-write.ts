import type { Compilable, QueryResult } from 'kysely';
import type { StatementSession } from './statement.ts';

/** Runs a write that is built for one call, within the time-out of its session. */
export function runWrite<DB, Row>(
  { db, lockTimeout }: StatementSession<DB>,
  write: Compilable<Row>,
): Promise<QueryResult<Row>> {
  const compiled = write.compile();
  return db.executeQuery({ ...compiled, sql: (lockTimeout?.prefix ?? '') + compiled.sql });
}
