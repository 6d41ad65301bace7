import { sql } from 'kysely';
import type { TableDefinition } from '../../../sql/create-table.ts';
import { inRange, times } from '../../../sql/in-range.ts';

/** The reservations that are open. */
export const reservations = (): readonly TableDefinition[] => [
  {
    name: 'oum_reservation',
    indexes: {
      // What has expired, for every organization at once, and for one.
      expiry: ['expires_at'],
      organization: ['org_id', 'expires_at'],
    },
    build: (table, key) =>
      table
        .addColumn('id', key(36), (column) => column.primaryKey())
        .addColumn('org_id', key(255), (column) => column.notNull())
        .addColumn('user_id', key(255), (column) => column.notNull())
        .addColumn('activity', 'varchar(64)', (column) => column.notNull())
        .addColumn('estimate', 'bigint', (column) => column.notNull())
        .addColumn('day', 'varchar(16)', (column) => column.notNull())
        .addColumn('day_ends_at', 'bigint', (column) => column.notNull())
        .addColumn('month', 'varchar(16)', (column) => column.notNull())
        .addColumn('month_ends_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addCheckConstraint(
          'oum_reservation_estimate',
          inRange(['estimate'], [1, Number.MAX_SAFE_INTEGER]),
        )
        .addCheckConstraint(
          'oum_reservation_windows',
          sql`day like '____-__-__' and month like '____-__'`,
        )
        .addCheckConstraint(
          'oum_reservation_times',
          inRange(['day_ends_at', 'month_ends_at', 'expires_at'], times),
        ),
  },
];
