import assert from 'node:assert/strict';
import type { OpenReservation } from '../model/open-reservation.ts';
import { now } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';
import { uuid } from './uuid.ts';

/** A reservation that expires so many milliseconds after `now`. */
function sample(number: number, change: Partial<OpenReservation> = {}): OpenReservation {
  return {
    id: uuid(3, number),
    orgId: 'acme',
    userId: 'member',
    activity: 'search',
    estimate: 5,
    day: { id: '2027-01-15', endsAt: now + 57_600_000 },
    month: { id: '2027-01', endsAt: now + 1_440_000_000 },
    expiresAt: now + number,
    ...change,
  };
}

const ids = (found: readonly OpenReservation[]) => found.map(({ id }) => id);

/** The reservations that are open. */
export const reservationCases: StorageCases = {
  'reservations: where none is open, none expires': async ({ reservations }) => {
    assert.deepEqual(await reservations.findExpired({ now, limit: 10 }), []);
    assert.equal(await reservations.nextExpiryAt(), undefined);
    await reservations.remove(uuid(3, 1));
  },
  'reservations: one is given back whole, whatever it holds': async ({ reservations }) => {
    const odd = sample(0, {
      orgId: 'é\u{1f388}/"\'%',
      userId: '\u65e5'.repeat(255),
      activity: `a${'.'.repeat(63)}`,
      estimate: Number.MAX_SAFE_INTEGER,
    });
    await reservations.insert(odd);
    assert.deepEqual(await reservations.findExpired({ now, limit: 10 }), [odd]);
  },
  'reservations: one is expired from the very instant on': async ({ reservations }) => {
    await reservations.insert(sample(5));
    assert.deepEqual(await reservations.findExpired({ now: now + 4, limit: 10 }), []);
    const found = await reservations.findExpired({ now: now + 5, limit: 10 });
    assert.deepEqual(ids(found), [uuid(3, 5)]);
  },
  'reservations: the oldest are found first, no more than asked for': async ({ reservations }) => {
    for (const number of [3, 1, 4, 2]) await reservations.insert(sample(number));
    assert.equal(await reservations.nextExpiryAt(), now + 1);
    const found = await reservations.findExpired({ now: now + 9, limit: 3 });
    assert.deepEqual(ids(found), [uuid(3, 1), uuid(3, 2), uuid(3, 3)]);
  },
  'reservations: those of one organization can be found alone': async ({ reservations }) => {
    await reservations.insert(sample(1));
    await reservations.insert(sample(2, { orgId: 'Acme' }));
    await reservations.insert(sample(3, { orgId: 'acme ' }));
    const found = await reservations.findExpired({ orgId: 'acme', now: now + 9, limit: 10 });
    assert.deepEqual(ids(found), [uuid(3, 1)]);
  },
  'reservations: what is removed is gone, and may be removed again': async ({ reservations }) => {
    await reservations.insert(sample(1));
    await reservations.insert(sample(2));
    await reservations.remove(uuid(3, 1));
    await reservations.remove(uuid(3, 1));
    const found = await reservations.findExpired({ now: now + 9, limit: 10 });
    assert.deepEqual(ids(found), [uuid(3, 2)]);
    assert.equal(await reservations.nextExpiryAt(), now + 2);
  },
};
