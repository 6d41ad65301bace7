import type { Kysely } from 'kysely';
import type { ChargeStatement } from '../../rate-limit/sql/charge-statement.ts';
import type { Atomically } from '../../sql/atomically.ts';
import type { SqlEngine } from '../../sql/engine.ts';
import type { OrganizationLock } from './organization-lock.ts';
import type { FindPeople } from './people.ts';
import type { Tables } from './tables.ts';

/** A connection or transaction, and what it speaks. */
export interface Session {
  readonly db: Kysely<Tables>;
  readonly engine: SqlEngine;
  /** Whether the transaction may go on seeing an old state unless it reads with locks. */
  readonly locksReads: boolean;
  readonly findPeople: FindPeople;
  readonly chargeStatement: ChargeStatement;
}

/** A session on which pieces of work run all or nothing. */
export interface AtomicSession extends Session {
  readonly atomically: Atomically<Tables>;
}

/** A transaction on one organization. */
export interface LockedSession extends Session {
  readonly lock: OrganizationLock;
}
