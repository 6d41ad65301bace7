import type { Storage } from '../ports/storage.ts';

/** Cases of the storage contract by name; each is given an empty, migrated storage. */
export type StorageCases = Readonly<Record<string, (storage: Storage) => Promise<void>>>;
