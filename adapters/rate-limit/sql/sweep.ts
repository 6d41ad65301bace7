import { sql } from 'kysely';
import { typed } from '../../sql/typed.ts';
import { withRetries } from '../../sql/with-retries.ts';
import type { CounterSession } from './counters.ts';

// Few enough for one statement that nobody notices, enough to keep ahead of what comes to its end.
const batch = 500;

/**
 * Deletes some of the counters that are past their end by the database's clock, as a process whose own is
 * ahead would delete what the others need; whether there may be more. Two statements, as no engine has to
 * share.
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
