import { type RawBuilder, type SqlBool, sql, type UpdateQueryBuilder } from 'kysely';
import type { Caller } from '../../src/index.ts';
import type { SqlEngine } from './engine.ts';
import { type Asked, mariaDbVersion } from './maria-db.ts';
import type { StatementSession } from './statement.ts';

/** For how long the server is to wait for locks, and how it is told. */
export interface LockTimeout {
  /** A whole number of at least 1: 0 would be without end. */
  readonly ms: number;
  /** What MariaDB is told before a statement; empty elsewhere. */
  readonly prefix: string;
}

/**
 * Finds out whether the server can be told; then says for how long it is to wait by now. Undefined for
 * whoever waits as long as it takes.
 */
export async function lockTimeouts<DB>(
  asked: Asked<DB>,
  { lockTimeoutIn }: SqlEngine,
): Promise<(caller: Caller | undefined) => LockTimeout | undefined> {
  const isPrefix = lockTimeoutIn === 'prefix';
  const isUnknown = isPrefix && (await mariaDbVersion(asked)) === undefined;
  if (lockTimeoutIn === undefined || isUnknown) return () => undefined;
  return (caller) => {
    if (caller === undefined || caller.remainingMs === Number.POSITIVE_INFINITY) return undefined;
    const ms = Math.max(1, Math.ceil(caller.remainingMs));
    return { ms, prefix: isPrefix ? statementTimeout(ms) : '' };
  };
}

/**
 * A time for one statement, in place of a setting of the session, which is the host's. InnoDB's own
 * time-out of locks counts whole seconds, and not the locks on tables.
 */
function statementTimeout(ms: number): string {
  const seconds = ms / 1000;
  return `set statement max_statement_time = least(coalesce(nullif(@@max_statement_time, 0), ${seconds}), ${seconds}) for `;
}

/**
 * Tells PostgreSQL, until the end of the transaction, as a condition that always holds. It is met before
 * a row is locked; a statement of its own would take a round trip.
 */
export function lockTimeoutCondition(ms: RawBuilder<number>): RawBuilder<SqlBool> {
  const set = sql`extract(epoch from current_setting('lock_timeout')::interval) * 1000`;
  // A shorter time that the host has set stays. 0 is none.
  const shorter = sql`least(nullif(${set}, 0), ${ms}::bigint)::bigint::text`;
  return sql`(select set_config('lock_timeout', ${shorter}, true)) is not null`;
}

/** Whether the server is told by `lockTimeoutCondition`. */
export function isCondition(
  { lockTimeoutIn }: SqlEngine,
  lockTimeout: LockTimeout | undefined,
): lockTimeout is LockTimeout {
  return lockTimeout !== undefined && lockTimeoutIn === 'condition';
}

/** Adds the time-out of the session to an update on PostgreSQL, if there is one; `ms` stands for it. */
export const withLockTimeout =
  <OurDB>({ engine, lockTimeout }: StatementSession<OurDB>, ms: RawBuilder<number>) =>
  <DB, UT extends keyof DB, TB extends keyof DB, O>(update: UpdateQueryBuilder<DB, UT, TB, O>) =>
    isCondition(engine, lockTimeout) ? update.where(lockTimeoutCondition(ms)) : update;
