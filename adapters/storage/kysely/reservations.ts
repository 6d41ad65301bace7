import type { Selectable } from 'kysely';
import type { OpenReservation, ReservationLog } from '../../../src/index.ts';
import { typed } from '../../sql/typed.ts';
import { withRetries } from '../../sql/with-retries.ts';
import type { AtomicSession } from './session.ts';
import type { ReservationTable } from './tables.ts';

/** The open reservations over `oum_reservation`. */
export function kyselyReservations({ db, engine, atomically }: AtomicSession): ReservationLog {
  // A single statement needs no transaction; in one of the host it is written with it or not at all.
  const write = (run: () => Promise<unknown>) =>
    db.isTransaction ? atomically(run) : withRetries(engine, run);
  return {
    async insert(reservation) {
      const insert = db.insertInto('oum_reservation').values(fromReservation(reservation));
      await write(() => insert.execute());
    },
    async remove(id) {
      const remove = db.deleteFrom('oum_reservation').where('id', '=', id);
      await write(() => remove.execute());
    },
    async findExpired({ orgId, now, limit }) {
      const rows = await db
        .selectFrom('oum_reservation')
        .selectAll()
        .where('expires_at', '<=', now)
        .$if(orgId !== undefined, (query) => query.where('org_id', '=', orgId ?? ''))
        .orderBy('expires_at')
        .limit(typed(engine, 'bigint', limit))
        .execute();
      return rows.map(toReservation);
    },
    async nextExpiryAt() {
      const { at } = await db
        .selectFrom('oum_reservation')
        .select(({ fn }) => fn.min('expires_at').as('at'))
        .executeTakeFirstOrThrow();
      return at === null ? undefined : Number(at);
    },
  };
}

function fromReservation(reservation: OpenReservation): ReservationTable {
  const { id, orgId, userId, activity, estimate, day, month, expiresAt } = reservation;
  return {
    id,
    org_id: orgId,
    user_id: userId,
    activity,
    estimate,
    day: day.id,
    day_ends_at: day.endsAt,
    month: month.id,
    month_ends_at: month.endsAt,
    expires_at: expiresAt,
  };
}

function toReservation(row: Selectable<ReservationTable>): OpenReservation {
  return {
    id: row.id,
    orgId: row.org_id,
    userId: row.user_id,
    activity: row.activity,
    estimate: Number(row.estimate),
    day: { id: row.day, endsAt: Number(row.day_ends_at) },
    month: { id: row.month, endsAt: Number(row.month_ends_at) },
    expiresAt: Number(row.expires_at),
  };
}
