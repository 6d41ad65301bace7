import type { Kysely } from 'kysely';
import type { SqlEngine } from '../../sql/engine.ts';
import type { OrganizationLock } from './organization-lock.ts';
import type { Tables } from './tables.ts';

/** A connection or transaction, and what it speaks. */
export interface Session {
  readonly db: Kysely<Tables>;
  readonly engine: SqlEngine;
}

/** A transaction on one organization. */
export interface LockedSession extends Session {
  readonly lock: OrganizationLock;
}
