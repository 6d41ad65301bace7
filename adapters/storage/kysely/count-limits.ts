import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { LimitCounts } from '../../../src/index.ts';
import { newest } from '../../sql/newest.ts';
import type { Session } from './session.ts';
import type { Counted } from './totals.ts';

const countWhere = (condition: RawBuilder<SqlBool>) =>
  sql<Counted>`sum(case when ${condition} then 1 else 0 end)`;
const daily = sql.ref('m.daily_limit');
const monthly = sql.ref('m.monthly_limit');

/** `StorageReader.countLimits`: reads the active members of one organization, in one statement. */
export async function countLimits(
  { db, locksReads }: Session,
  orgId: string,
): Promise<LimitCounts> {
  const row = await db
    .selectFrom('oum_organization as o')
    .innerJoin('oum_member as m', 'm.org_id', 'o.id')
    .where('o.id', '=', orgId)
    .where('m.org_id', '=', orgId)
    .where('m.status', '=', 'active')
    .select([
      sql<Counted>`count(*)`.as('members'),
      countWhere(sql`${daily} is null and ${monthly} is null`).as('withoutLimit'),
      countWhere(sql`${daily} = 0 or ${monthly} = 0`).as('blocked'),
      countWhere(
        sql`${daily} > ${sql.ref('o.daily_allocation')} or ${monthly} > ${sql.ref('o.monthly_allocation')}`,
      ).as('aboveAllocation'),
      countWhere(sql`${daily} > ${monthly}`).as('dailyAboveMonthly'),
    ])
    .$call(newest(locksReads))
    .executeTakeFirstOrThrow();
  return {
    members: Number(row.members),
    withoutLimit: Number(row.withoutLimit),
    blocked: Number(row.blocked),
    aboveAllocation: Number(row.aboveAllocation),
    dailyAboveMonthly: Number(row.dailyAboveMonthly),
  };
}
