import type { Context } from '../context.ts';
import { isOrgUserManagerError, OrgUserManagerError } from '../errors/index.ts';
import { givenBackWindow } from '../limits/counters.ts';
import type { HeldReservation, OpenReservation } from '../model/open-reservation.ts';
import type { SettledReservation } from '../model/reservation.ts';
import type { UsageWindow } from '../ports/rate-limit-store.ts';
import { changeBy } from './add-units.ts';
import { changeOf } from './reserved-counters.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** How long after its expiry a reservation can still be settled. */
export const settleGraceMs = dayMs;

// From a first settlement on the last one is two days away at most: a reservation lasts for a day.
const stateMs = 3 * dayMs;

/** The most units that a settlement can state: its counter holds two more. */
export const mostActual = Number.MAX_SAFE_INTEGER - 2;

// What a reservation's own counter holds: nothing while it is open, 1 once it has expired, and from 2
// on the units that it was settled with, plus 2. It has room for one settlement, so that of several
// in as many processes one counts.
const expired = 1;
const settled = 2;

type Settling = Pick<Context, 'rateLimits'>;

/** A settlement, and what it did to the counters. */
export interface Settled {
  readonly settlement: SettledReservation;
  /** Units that were added; less than 0 when some came back. */
  readonly change: number;
  /** Day and month of the member, then of the organization, if they changed. */
  readonly used: readonly number[];
}

/**
 * Replaces the estimate by what was really used, in the windows that were charged. One that has
 * expired was given back, and is charged with all of it; so is one whose estimate may not be counted.
 * What was settled before stays as it is. Throws `usage_unavailable` while the store is away.
 */
export async function settle(
  context: Settling,
  reservation: HeldReservation,
  actual: number,
): Promise<Settled> {
  const { estimate } = reservation;
  const once = { cost: actual + settled, limit: actual + settled };
  const change = Object.hasOwn(reservation, 'uncounted') ? actual : actual - estimate;
  const found = await write(context, reservation, { ...once, units: change });
  if (found.allowed) return settledNow(actual, change, found);
  if (found.state === expired) {
    const late = { cost: actual + settled - expired, limit: actual + settled, units: actual };
    const again = await write(context, reservation, late);
    return again.allowed ? settledNow(actual, actual, again) : settledBefore(again);
  }
  return settledBefore(found);
}

/** Gives an unsettled reservation's units back; whether the store was there to do it. */
export async function giveBack(context: Settling, reservation: OpenReservation): Promise<boolean> {
  const units = -reservation.estimate;
  try {
    await write(context, reservation, { cost: expired, limit: expired, units });
    return true;
  } catch (error) {
    if (!isOrgUserManagerError(error, 'usage_unavailable')) throw error;
    return false;
  }
}

const settledNow = (units: number, change: number, { used }: Written): Settled => ({
  settlement: { units },
  change,
  used,
});

function settledBefore({ state }: Written): Settled {
  if (state >= settled) {
    const settlement = { units: state - settled, replayed: true } as const;
    return { settlement, change: 0, used: [] };
  }
  const message = 'would take a counter above 2^53 - 1';
  throw new OrgUserManagerError('invalid_input', { issues: [{ path: 'actual', message }] });
}

interface Settlement extends Pick<UsageWindow, 'cost' | 'limit'> {
  readonly units: number;
}

interface Written {
  readonly allowed: boolean;
  /** What the reservation's own counter holds. */
  readonly state: number;
  /** The others. */
  readonly used: readonly number[];
}

async function write(
  { rateLimits }: Settling,
  reservation: OpenReservation,
  { cost, limit, units }: Settlement,
): Promise<Written> {
  const { id, orgId, userId, activity, day } = reservation;
  const state = { key: `r/${id}`, cost, limit, keepMs: stateMs };
  const givenBack = givenBackWindow(userId, day, activity);
  const windows = [
    state,
    ...(units === 0 ? [] : changeOf(reservation, units)),
    ...(units < 0 ? changeBy([givenBack], -units) : []),
  ];
  const { allowed, used } = await rateLimits.consumeCounted({ partition: orgId, windows });
  const [held = 0, ...others] = used;
  return { allowed, state: held, used: others };
}
