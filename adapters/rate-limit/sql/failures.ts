import { isOrgUserManagerError, OrgUserManagerError } from '../../../src/index.ts';
import type { SqlEngine } from '../../sql/engine.ts';
import { hasNotConnected } from '../../sql/failures.ts';

/** Runs what comes before a charge: when it fails, the charge was certainly not made. */
export async function beforeCharge<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw notCharged(error);
  }
}

/** The error that a charge throws: `unavailable` with `done: false` if there was no connection to make it. */
export function toFailure(engine: SqlEngine, error: unknown): unknown {
  return hasNotConnected(engine, error) ? notCharged(error) : error;
}

function notCharged(error: unknown): OrgUserManagerError {
  if (isOrgUserManagerError(error)) return error;
  return new OrgUserManagerError('unavailable', { done: false }, { cause: error });
}
