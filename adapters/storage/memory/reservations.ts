import type { ReservationLog } from '../../../src/index.ts';
import type { State } from './state.ts';

/** The open reservations over the state's. */
export function memoryReservations({ reservations }: State): ReservationLog {
  return {
    async insert(reservation) {
      reservations.set(reservation.id, reservation);
    },
    async remove(id) {
      reservations.delete(id);
    },
    async findExpired({ orgId, now, limit }) {
      return [...reservations.values()]
        .filter((row) => row.expiresAt <= now && (orgId === undefined || row.orgId === orgId))
        .sort((a, b) => a.expiresAt - b.expiresAt)
        .slice(0, limit);
    },
    async nextExpiryAt() {
      const times = [...reservations.values()].map(({ expiresAt }) => expiresAt);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
