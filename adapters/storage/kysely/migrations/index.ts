import type { Migration } from 'kysely/migration';
import type { SqlEngine } from '../../../sql/engine.ts';
import { initialSchema } from './001-initial-schema.ts';
import { reservations } from './002-reservations.ts';

/** Every migration of this version. Append only: a released one is never edited. */
export const migrations = (engine: SqlEngine): Record<string, Migration> => ({
  '001-initial-schema': initialSchema(engine),
  '002-reservations': reservations(engine),
});
