import { sql } from 'kysely';
import type { TableDefinition } from '../../../sql/create-table.ts';
import type { SqlEngine } from '../../../sql/engine.ts';
import { initialSchema } from './001-initial-schema.ts';
import { reservations } from './002-reservations.ts';

/** One step from an older schema to a newer one. */
export interface Migration {
  /** Its name in the ledger. */
  readonly name: string;
  /**
   * Whether versions of this package that do not know it must refuse the schema. Only new tables, new
   * indexes and new columns that may be left out do not break them: they compare what they know.
   */
  readonly isBreaking: boolean;
  /** The tables that it creates. */
  readonly tables: readonly TableDefinition[];
}

/** Every migration of this version, in order. Append only: a released one is never edited. */
export const migrations = (engine: SqlEngine): readonly Migration[] => [
  { name: '001-initial-schema', isBreaking: false, tables: initialSchema(engine) },
  { name: '002-reservations', isBreaking: false, tables: reservations() },
];

/** The ledger: one row per migration that has been made. */
export const ledgerTable: TableDefinition = {
  name: 'oum_migration',
  indexes: {},
  build: (table, key) =>
    table
      .addColumn('name', key(64), (column) => column.primaryKey())
      .addColumn('breaking', 'smallint', (column) => column.notNull())
      .addCheckConstraint('oum_migration_breaking', sql`breaking in (0, 1)`),
};
