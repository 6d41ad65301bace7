import type { Storage } from '../ports/storage.ts';

/** What is pending and not expired; lowers the bound to it. */
export function countPending(storage: Storage, now: number, orgId = 'acme'): Promise<number> {
  return storage.transaction(orgId, (tx) => tx.countPending(orgId, now));
}
