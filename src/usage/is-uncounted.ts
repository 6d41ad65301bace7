import type { ChargeResult } from '../ports/rate-limit-store.ts';

/** Whether a charge was decided without the store. Read as an own property: absence says no. */
export const isUncounted = (result: ChargeResult): boolean =>
  Object.hasOwn(result, 'uncounted') && result.uncounted === true;
