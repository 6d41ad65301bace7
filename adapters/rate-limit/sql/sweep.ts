import { sql } from 'kysely';
import { typed } from '../../sql/typed.ts';
import { withRetries } from '../../sql/with-retries.ts';
import type { CounterSession } from './counters.ts';

// Few enough that the statement is short, enough to delete counters faster than they expire.
const batch = 500;

/**
 * Deletes some of the counters that have expired, and returns whether there may be more. The database's clock
 * decides, since a process whose own clock is ahead would delete counters that others need. A select comes
 * before the delete, because no DELETE with a limit works on every engine.
 */
export async function sweepCounters({ db, engine }: CounterSession): Promise<boolean> {
  const now = sql.raw<number>(engine.now);
  const past = await db
    .selectFrom('oum_usage')
    .select(['org_id', 'counter'])
    .where('expires_at', '<', now)
    .limit(typed(engine, 'bigint', batch))
    .execute();
  const partitions = Map.groupBy(past, ({ org_id }) => org_id);
  for (const [partition, rows] of partitions) {
    const remove = db
      .deleteFrom('oum_usage')
      .where('org_id', '=', partition)
      .where(
        'counter',
        'in',
        rows.map(({ counter }) => counter),
      )
      .where('expires_at', '<', now);
    await withRetries(engine, () => remove.execute());
  }
  return past.length === batch;
}
