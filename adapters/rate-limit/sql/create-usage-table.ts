import { type Kysely, sql } from 'kysely';

/**
 * Creates the counters' table. The check is what makes a charge over several counters all or
 * nothing: one counter above its cap undoes the whole statement.
 */
export async function createUsageTable<DB>(db: Kysely<DB>): Promise<void> {
  await db.schema
    .createTable('oum_usage')
    .addColumn('org_id', 'varchar(255)', (column) => column.notNull())
    .addColumn('counter', 'varchar(700)', (column) => column.notNull())
    .addColumn('used', 'bigint', (column) => column.notNull())
    .addColumn('cap', 'bigint')
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('oum_usage_key', ['org_id', 'counter'])
    .addCheckConstraint('oum_usage_within_cap', sql`cap is null or used <= cap`)
    .execute();
}
