import type { Kysely } from 'kysely';
import type { Caller } from '../../../src/index.ts';
import type { Atomically } from '../../sql/atomically.ts';
import type { SqlEngine } from '../../sql/engine.ts';
import { isCheckViolation } from '../../sql/failures.ts';
import { type LockTimeout, lockTimeouts } from '../../sql/lock-timeout.ts';
import { newest } from '../../sql/newest.ts';
import { withRetries } from '../../sql/with-retries.ts';
import type { ChargeStatement, CounterRow } from './charge-statement.ts';
import type { CounterChange, CounterName } from './counter.ts';
import { notCharged } from './failures.ts';
import { ofPartition, type Standing } from './standing.ts';
import type { UsageDatabase } from './usage-table.ts';

/** Where usage is counted: on a storage's connections or inside a transaction of the host. */
export interface CounterSession {
  readonly db: Kysely<UsageDatabase>;
  /** The storage's own connections. */
  readonly own: Kysely<UsageDatabase>;
  readonly engine: SqlEngine;
  readonly atomically: Atomically<UsageDatabase>;
  /** Whether the transaction may go on seeing an old state unless it reads with locks. */
  readonly locksReads: boolean;
  readonly chargeStatement: ChargeStatement;
}

/** Reads counters; `newest` also where the transaction would show an older state. */
export async function readCounters(
  { db, locksReads }: CounterSession,
  names: readonly CounterName[],
  state: 'visible' | 'newest',
): Promise<Standing> {
  if (names.length === 0) return new Map();
  const rows = await db
    .selectFrom('oum_usage')
    .select(['org_id', 'counter', 'used'])
    .where((where) =>
      where.or(
        [...byPartition(names)].map(([partition, keys]) =>
          where.and([where('org_id', '=', partition), where('counter', 'in', keys)]),
        ),
      ),
    )
    .$call(newest(locksReads && state === 'newest'))
    .execute();
  return toStanding(rows);
}

/** How long a charge waits for locked counters. */
export interface Waiting {
  /** The caller that waits. Default: the charge waits without end. */
  readonly caller?: Caller | undefined;
  /** Whether one of the counters may stay locked, as after a charge that hangs. Default: no. */
  readonly mayHang?: boolean;
}

/**
 * Charges counters, all or none, and answers with them; undefined when one has no room. What fails before
 * there is a connection was certainly not charged. A later failure proves nothing: it may
 * be that of a `log` function of the host, which Kysely calls after the statement.
 */
export async function changeCounters(
  session: CounterSession,
  changes: readonly CounterChange[],
  { caller, mayHang = false }: Waiting,
): Promise<Standing | undefined> {
  const { db, engine, atomically, chargeStatement } = session;
  // Counters are always locked in one order, so that two charges never wait for each other.
  const inOrder = changes.toSorted(byName);
  let isConnected = false;
  const charge = (connection: Kysely<UsageDatabase>, lockTimeout?: LockTimeout) => {
    isConnected = true;
    return chargeStatement.run(connection, inOrder, lockTimeout);
  };
  try {
    if (!(await chargeStatement.returnsRows(db))) {
      return await atomically(async (trx) => {
        await charge(trx);
        return readCounters({ ...session, db: trx }, inOrder, 'newest');
      }, caller);
    }
    if (db.isTransaction) {
      return toStanding(await atomically((trx) => charge(trx)));
    }
    // A single statement needs no transaction to be all or nothing. On PostgreSQL planning the time-out's
    // condition takes a third of the time of a charge: only charges that may hang have it there.
    const hasTimeout = mayHang || engine.lockTimeoutIn === 'prefix';
    const lockTimeoutOf = hasTimeout ? await lockTimeouts(session, engine) : () => undefined;
    const run = () =>
      db.connection().execute((connection) => charge(connection, lockTimeoutOf(caller)));
    return toStanding(await withRetries(engine, run, caller));
  } catch (error) {
    if (isCheckViolation(engine, error)) return undefined;
    throw isConnected || db.isTransaction ? error : notCharged(error);
  }
}

function byPartition(names: readonly CounterName[]): ReadonlyMap<string, readonly string[]> {
  const partitions = new Map<string, string[]>();
  for (const { partition, key } of names) {
    const keys = partitions.get(partition);
    if (keys) keys.push(key);
    else partitions.set(partition, [key]);
  }
  return partitions;
}

function toStanding(rows: readonly CounterRow[]): Standing {
  const standing: Standing = new Map();
  for (const { org_id, counter, used } of rows) {
    ofPartition(standing, org_id).set(counter, Number(used));
  }
  return standing;
}

function byName(a: CounterName, b: CounterName): number {
  return compare(a.partition, b.partition) || compare(a.key, b.key);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
