import { type Kysely, sql } from 'kysely';
import { type Caller, OrgUserManagerError } from '../../src/index.ts';
import type { SqlEngine } from './engine.ts';
import { isConflict } from './failures.ts';
import { type LockTimeout, lockTimeouts } from './lock-timeout.ts';
import { withRetries } from './with-retries.ts';

/**
 * Runs work all or nothing, for a caller who waits until a deadline. The work writes through the connection
 * that it is given, and sends the time-out with its first statement.
 */
export type Atomically<DB> = <T>(
  work: (db: Kysely<DB>, lockTimeout: LockTimeout | undefined) => Promise<T>,
  caller?: Caller,
) => Promise<T>;

/** Runs work in transactions of our own, again when they lose against others. */
export function inOwnTransaction<DB>(db: Kysely<DB>, engine: SqlEngine): Atomically<DB> {
  const { isolationLevel } = engine;
  const begin = () =>
    isolationLevel ? db.transaction().setIsolationLevel(isolationLevel) : db.transaction();
  const run: Atomically<DB> = async (work, caller) => {
    const lockTimeoutOf = await lockTimeouts({ db, own: db }, engine);
    const attempt = () => begin().execute((trx) => work(trx, lockTimeoutOf(caller)));
    return withRetries(engine, attempt, caller);
  };
  return engine.hasOneWriter ? oneByOne(run) : run;
}

function oneByOne<DB>(run: Atomically<DB>): Atomically<DB> {
  let last: Promise<unknown> = Promise.resolve();
  return (work, caller) => {
    const turn = last.then(() => run(work, caller));
    last = turn.catch(() => undefined);
    return turn;
  };
}

/**
 * Runs work inside a transaction of the host, one piece after another. Each piece is undone alone when it
 * fails, and the host decides about the whole. Throws `conflict` when the transaction lost against another
 * one: only the host can start it again.
 */
export function inHostTransaction<DB>(trx: Kysely<DB>, engine: SqlEngine): Atomically<DB> {
  let end: unknown;
  return oneByOne(async (work) => {
    // The transaction has ended: a statement sent now would be committed by itself.
    if (end !== undefined) throw conflict(end);
    try {
      await sql`savepoint oum_call`.execute(trx);
      // The time-outs of this transaction are the host's to set.
      const result = await work(trx, undefined);
      await sql`release savepoint oum_call`.execute(trx);
      return result;
    } catch (error) {
      if (!(await undo(trx))) end = error;
      throw isConflict(engine, error) ? conflict(error) : error;
    }
  });
}

function conflict(cause: unknown): OrgUserManagerError {
  return new OrgUserManagerError('conflict', {}, { cause });
}

/** Undoes the savepoint; false when there is none left, as after a deadlock on MySQL. */
async function undo<DB>(trx: Kysely<DB>): Promise<boolean> {
  try {
    await sql`rollback to savepoint oum_call`.execute(trx);
    await sql`release savepoint oum_call`.execute(trx);
    return true;
  } catch {
    // The failure before this one says more.
    return false;
  }
}
