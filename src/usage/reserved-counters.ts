import { activityWindows, type Counter, counterKey, historyMs } from '../limits/counters.ts';
import type { OpenReservation } from '../model/open-reservation.ts';
import type { UsageWindow } from '../ports/rate-limit-store.ts';
import { changeBy } from './add-units.ts';

/** Adds units to the counters that the reservation was charged in. */
export const changeOf = (reservation: OpenReservation, units: number): readonly UsageWindow[] =>
  changeBy(countersOf(reservation), units);

/** The counters that the reservation was charged in. */
function countersOf({ userId, activity, day, month }: OpenReservation): readonly Counter[] {
  const windows = [userId, null].flatMap((subject) =>
    [day, month].map(({ id }) => ({
      key: counterKey(subject, id),
      limit: null,
      keepMs: historyMs,
    })),
  );
  return [...windows, ...activityWindows(userId, day, activity)];
}
