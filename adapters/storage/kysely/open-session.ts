import type { Kysely } from 'kysely';
import { OrgUserManagerError } from '../../../src/index.ts';
import { createChargeStatement } from '../../rate-limit/sql/charge-statement.ts';
import { inHostTransaction, inOwnTransaction } from '../../sql/atomically.ts';
import { detectEngine, type SqlEngine } from '../../sql/engine.ts';
import { hexTextsPlugin } from '../../sql/text-parameters.ts';
import { ownPrefix } from './options.ts';
import type { AtomicSession, Session } from './session.ts';
import { tablePrefixPlugin } from './table-prefix.ts';
import type { Tables } from './tables.ts';

/** Where our tables are. */
export interface Place {
  readonly schema: string | undefined;
  readonly tablePrefix: string;
}

/**
 * Our tables through the host's Kysely. Throws `invalid_options` for an engine not supported, for
 * a schema on SQLite, and for a transaction, such as the one that Kysely hands to a migration of the host.
 */
export function openSession<DB>(host: Kysely<DB>, place: Place): AtomicSession {
  if (host.isTransaction) {
    throw unusable(
      'db',
      'must not be a transaction: call `await manager.migrate()` outside of your own migrations, and `manager.using(trx)` inside of a transaction',
    );
  }
  const engine = detectEngine(host);
  if (!engine) throw unusable('db', 'must speak to SQLite, PostgreSQL, PGlite, MySQL or MariaDB');
  // It creates no index by the name of a schema as the others do.
  if (engine.name === 'sqlite' && place.schema !== undefined) {
    throw unusable('schema', 'must be left out for SQLite: tables are in the file that is opened');
  }
  const db = ourTables(host, place, engine);
  return {
    db,
    own: db,
    engine,
    locksReads: false,
    chargeStatement: createChargeStatement(db, engine),
    atomically: inOwnTransaction(db, engine),
  };
}

function unusable(path: string, message: string): OrgUserManagerError {
  return new OrgUserManagerError('invalid_options', { issues: [{ path, message }] });
}

/** The same inside a transaction of the host. Throws `invalid_input` for anything else. */
export function joinTransaction(
  transaction: object,
  place: Place,
  { own, engine, chargeStatement }: Session,
): AtomicSession {
  if (!isOpenTransaction(transaction) || detectEngine(transaction) !== engine) {
    const message = 'must be an open Kysely transaction of the database of this storage';
    throw new OrgUserManagerError('invalid_input', { issues: [{ path: 'transaction', message }] });
  }
  const db = ourTables(transaction, place, engine);
  const atomically = inHostTransaction({ db, own }, engine);
  const locksReads = engine.needsLockingReads;
  return { db, own, engine, locksReads, chargeStatement, atomically };
}

// Not `instanceof`: the host may have another copy of Kysely.
function isOpenTransaction(value: object): value is Kysely<object> {
  const { isTransaction, isCommitted, isRolledBack } = Object(value);
  return isTransaction === true && !isCommitted && !isRolledBack;
}

/** The host's plugins must not touch our tables. */
function ourTables<DB>(
  host: Kysely<DB>,
  { schema, tablePrefix }: Place,
  engine: SqlEngine,
): Kysely<Tables> {
  const plain = withOurTables(host);
  const exact = engine.needsHexTexts ? plain.withPlugin(hexTextsPlugin) : plain;
  const placed = schema === undefined ? exact : exact.withSchema(schema);
  return tablePrefix === ownPrefix ? placed : placed.withPlugin(tablePrefixPlugin(tablePrefix));
}

// Kysely's type names every table of the host; ours are the only ones that are used through it.
function withOurTables<DB>(db: Kysely<DB>): Kysely<Tables>;
function withOurTables(db: Kysely<Tables>): Kysely<Tables> {
  return db.withoutPlugins();
}
