import { isOrgUserManagerError, OrgUserManagerError } from '../../../src/index.ts';

/** Runs what comes before a charge: when it fails, the charge was certainly not made. */
export async function beforeCharge<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw notCharged(error);
  }
}

/** The error of a charge that was certainly not made. */
export function notCharged(error: unknown): OrgUserManagerError {
  if (isOrgUserManagerError(error)) return error;
  return new OrgUserManagerError('unavailable', { done: false }, { cause: error });
}
