import { sql } from 'kysely';
import type { TableDefinition } from '../../sql/create-table.ts';
import { counts, inRange, times } from '../../sql/in-range.ts';

/**
 * The counters' table. The check is what makes a charge over several counters all or nothing: one
 * counter above its cap undoes the whole statement.
 */
export function usageTable(): TableDefinition {
  return {
    name: 'oum_usage',
    // For finding expired counters. A charge leaves the column as it is, so the index costs new rows only.
    indexes: { end: ['expires_at'] },
    isBusy: true,
    build: (table, key) =>
      table
        .addColumn('org_id', key(255), (column) => column.notNull())
        .addColumn('counter', key(400), (column) => column.notNull())
        .addColumn('used', 'bigint', (column) => column.notNull())
        // Kept beside `used`, because a new row cannot begin with a negative `used`.
        .addColumn('change', 'bigint', (column) => column.notNull())
        .addColumn('cap', 'bigint')
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('oum_usage_key', ['org_id', 'counter'])
        .addCheckConstraint('oum_usage_within_cap', sql`cap is null or used <= cap`)
        .addCheckConstraint('oum_usage_safe', inRange(['used', 'cap'], counts))
        .addCheckConstraint('oum_usage_times', inRange(['expires_at'], times)),
  };
}
