import { type Kysely, type RawBuilder, sql } from 'kysely';
import { OrgUserManagerError } from '../../src/index.ts';
import type { SqlEngine } from './engine.ts';
import { saysOneOf } from './failures.ts';
import { type Asked, mariaDbVersion } from './maria-db.ts';

const savepoint = sql`savepoint oum_call`;
const rollBack = sql`rollback to savepoint oum_call`;
const release = sql`release savepoint oum_call`;

/**
 * Begins a savepoint in a transaction of the application. A deadlock, DDL or `insert or rollback` can have
 * ended the transaction without Kysely hearing of it; every write would then be committed by itself. Throws
 * `conflict` in that case, before anything is written.
 */
export async function beginSavepoint<DB>(asked: Asked<DB>, engine: SqlEngine): Promise<void> {
  try {
    await begin[engine.savepointOutside](asked);
  } catch (error) {
    throw saysOneOf(error, engine.noTransaction) ? transactionEnded(error) : error;
  }
}

/** Ends it, and keeps what was written since. */
export async function releaseSavepoint<DB>(trx: Kysely<DB>): Promise<void> {
  await release.execute(trx);
}

/** Undoes what was written since; false when there is no savepoint left, as after a deadlock on MySQL. */
export async function undoSavepoint<DB>(trx: Kysely<DB>): Promise<boolean> {
  try {
    await rollBack.execute(trx);
    await release.execute(trx);
    return true;
  } catch {
    // The error that made the call fail says more.
    return false;
  }
}

/** What calls in a transaction get that has ended. */
export function transactionEnded(cause: unknown): OrgUserManagerError {
  return new OrgUserManagerError('conflict', { transaction: 'ended' }, { cause });
}

type Begin = <DB>(asked: Asked<DB>) => Promise<void>;

const begin: Readonly<Record<SqlEngine['savepointOutside'], Begin>> = {
  async refused({ db }) {
    await savepoint.execute(db);
  },
  async forgotten(asked) {
    const { db } = asked;
    // Going back to it fails then. MariaDB takes both in one round trip.
    const isMariaDb = (await mariaDbVersion(asked)) !== undefined;
    const steps: readonly RawBuilder<unknown>[] = isMariaDb
      ? [sql`begin not atomic ${savepoint}; ${rollBack}; end`]
      : [savepoint, rollBack];
    for (const step of steps) await step.execute(db);
  },
  async begins({ db }) {
    if (await isAutocommitting(db)) throw transactionEnded(undefined);
    await savepoint.execute(db);
  },
};

/**
 * Whether SQLite is outside of a transaction. SQL has no function for that, and neither Kysely nor its
 * drivers tell; but this setting stays as it is inside of one. Outside it is put back at once.
 */
async function isAutocommitting<DB>(db: Kysely<DB>): Promise<boolean> {
  const before = await foreignKeys(db);
  // A build without foreign keys has no such setting, and so no answer.
  if (before === undefined) return false;
  await setForeignKeys(db, 1 - before);
  if ((await foreignKeys(db)) === before) return false;
  await setForeignKeys(db, before);
  return true;
}

async function foreignKeys<DB>(db: Kysely<DB>): Promise<number | undefined> {
  const { rows } = await sql<{ foreign_keys: number }>`pragma foreign_keys`.execute(db);
  const [row] = rows;
  return row && Number(row.foreign_keys);
}

async function setForeignKeys<DB>(db: Kysely<DB>, value: number): Promise<void> {
  await sql`pragma foreign_keys = ${sql.lit(value)}`.execute(db);
}
