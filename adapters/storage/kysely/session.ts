import type { ChargeStatement } from '../../rate-limit/sql/charge-statement.ts';
import type { Atomically } from '../../sql/atomically.ts';
import type { StatementSession } from '../../sql/statement.ts';
import type { OrganizationLock } from './organization-lock.ts';
import type { Tables } from './tables.ts';

/** What statements on our tables are compiled with. */
export type SqlSession = StatementSession<Tables>;

/** A connection or transaction, and what it speaks. */
export interface Session extends SqlSession {
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
